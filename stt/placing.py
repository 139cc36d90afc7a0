"""Which worker decodes which utterance. It neither waits nor knows how a worker is started.

* An utterance goes to the worker that has fewest; while there is no worker it waits for one.
* Its audio stays with it until its final: when its worker dies, it is sent again to another.
* One that was there when ``TRIES`` workers died is given up: it may be what kills them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stt.contract import Hypothesis
from stt.decode_messages import Begin, Finished, Forget, FromWorker, Heeded, Refused
from stt.pool_worker import Utterance, Worker

TRIES: Final = 3
_KILLS: Final = "decode workers keep dying of it"


class Placing:
    """The workers that are there, and the utterances on them. Trouble is told to ``on_trouble``."""

    def __init__(self, on_trouble: Callable[[str], None]) -> None:
        self.workers: list[Worker] = []
        self.replays = 0
        """Utterances that were given to a second worker."""
        self.given_up = 0
        self._homeless: list[Utterance] = []
        self._on_trouble = on_trouble

    @property
    def lag_s(self) -> float:
        """The largest amount of audio of one utterance that is not yet decoded."""
        running = [u for worker in self.workers for u in worker.utterances.values()] + self._homeless
        return max((utterance.lag_s for utterance in running), default=0.0)

    def place(self, utterance: Utterance) -> None:
        """Give it to the worker that has fewest, or let it wait for one."""
        if not self.workers:
            self._homeless.append(utterance)
            return
        worker = min(self.workers, key=lambda w: (w.retiring, len(w.utterances)))
        worker.utterances[utterance.number] = utterance
        utterance.home = worker
        utterance.tries += 1
        if utterance.grammar:
            worker.link.send(Begin(utterance.number, utterance.grammar), owed=False)
        worker.push(utterance)

    def welcome(self, worker: Worker) -> None:
        """One more worker: those that waited go to it."""
        self.workers.append(worker)
        waiting, self._homeless = self._homeless, []
        for utterance in waiting:
            self.place(utterance)

    def leave(self, worker: Worker) -> None:
        """One worker less: what ran on it goes elsewhere."""
        self.workers.remove(worker)
        for utterance in list(worker.utterances.values()):
            utterance.restart()
            if utterance.tries >= TRIES:
                self._give_up(utterance)
            else:
                self.replays += 1
                self.place(utterance)
        worker.utterances.clear()

    def drop(self, utterance: Utterance) -> None:
        """Take the utterance out."""
        if utterance in self._homeless:
            self._homeless.remove(utterance)
        home, utterance.home = utterance.home, None
        if home is not None and home.utterances.pop(utterance.number, None) is not None:
            home.link.send(Forget(utterance.number), owed=False)
            home.settle()

    def heed(self, worker: Worker, message: FromWorker) -> None:
        """Carry a worker's answer to its utterance."""
        if not isinstance(message, Heeded | Finished | Refused):
            return
        if isinstance(message, Finished):
            worker.link.finished(message.resident_mb)
        utterance = worker.utterances.get(message.id)
        if utterance is None:  # forgotten meanwhile
            return
        if isinstance(message, Finished):
            del worker.utterances[message.id]
            utterance.home = None
            utterance.settle(message.hypothesis)
        elif isinstance(message, Refused):
            self._refuse(utterance, message.reason)
        else:
            utterance.advance(message.size, message.text)
            worker.push(utterance)
        worker.settle()

    def _refuse(self, utterance: Utterance, reason: str) -> None:
        """Nothing is heard of it; whoever asked for it is told when it is over."""
        self.drop(utterance)
        utterance.refusal = reason
        self._on_trouble(f"an utterance is not heard: {reason}")
        if utterance.done:
            utterance.settle(Hypothesis(text="", final=True))

    def _give_up(self, utterance: Utterance) -> None:
        """Its last partial is better than nothing, and at once: nobody knows how long it still lasts."""
        self.given_up += 1
        utterance.refusal = _KILLS
        self._on_trouble(f"an utterance was given up: {_KILLS}")
        utterance.settle(Hypothesis(text=utterance.partial, final=True))
