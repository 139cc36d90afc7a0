"""Verbs and adjectives with endings."""

from __future__ import annotations

import pytest

from models.korean.verbs import conjugate

TABLE = {
    "고치": "고쳐요 고쳤어요 고치면 고치니까 고치세요 고친 고칠게요 고칩니다 고치는데 고친다고 고치고",
    "가": "가요 갔어요 가면 가니까 가세요 간 갈게요 갑니다 가는데 간다고 가고",
    "보": "봐요 봤어요 보면 보니까 보세요 본 볼게요 봅니다 보는데 본다고 보고",
    "하": "해요 했어요 하면 하니까 하세요 한 할게요 합니다 하는데 한다고 하고",
    "되": "돼요 됐어요 되면 되니까 되세요 된 될게요 됩니다 되는데 된다고 되고",
    "먹": "먹어요 먹었어요 먹으면 먹으니까 먹으세요 먹은 먹을게요 먹습니다 먹는데 먹는다고 먹고",
    "알": "알아요 알았어요 알면 아니까 아세요 안 알게요 압니다 아는데 안다고 알고",
    "듣": "들어요 들었어요 들으면 들으니까 들으세요 들은 들을게요 듣습니다 듣는데 듣는다고 듣고",
    "짓": "지어요 지었어요 지으면 지으니까 지으세요 지은 지을게요 짓습니다 짓는데 짓는다고 짓고",
    "부르": "불러요 불렀어요 부르면 부르니까 부르세요 부른 부를게요 부릅니다 부르는데 부른다고 부르고",
    "따르": "따라요 따랐어요 따르면 따르니까 따르세요 따른 따를게요 따릅니다 따르는데 따른다고 따르고",
    "끄": "꺼요 껐어요 끄면 끄니까 끄세요 끈 끌게요 끕니다 끄는데 끈다고 끄고",
    "돕": "도와요 도왔어요 도우면 도우니까 도우세요 도운 도울게요 돕습니다 돕는데 돕는다고 돕고",
    "바뀌": "바뀌어요 바뀌었어요 바뀌면 바뀌니까 바뀌세요 바뀐 바뀔게요 바뀝니다 바뀌는데 바뀐다고 바뀌고",
}
ADJECTIVES = {
    "좋": "좋아요 좋으면 좋은 좋습니다 좋은데 좋다고 좋은가요",
    "어둡": "어두워요 어두우면 어두운 어둡습니다 어두운데 어둡다고 어두운가요",
    "크": "커요 크면 큰 큽니다 큰데 크다고 큰가요",
    "그렇": "그래요 그러면 그런 그렇습니다 그런데 그렇다고 그런가요",
    "없": "없어요 없으면 없은 없습니다 없는데 없다고 없나요",
}


@pytest.mark.parametrize(("stem", "forms"), TABLE.items())
def test_verbs(stem: str, forms: str) -> None:
    """Regular and irregular ones."""
    endings = ("아요", "았어요", "으면", "으니까", "으세요", "은", "을게요", "ㅂ니다", "는데", "ㄴ다고", "고")
    assert " ".join(conjugate(stem, ending) for ending in endings) == forms


@pytest.mark.parametrize(("stem", "forms"), ADJECTIVES.items())
def test_adjectives(stem: str, forms: str) -> None:
    """Some endings differ on them."""
    endings = ("아요", "으면", "은", "ㅂ니다", "는데", "ㄴ다고", "나요")
    assert " ".join(conjugate(stem, ending, adjective=True) for ending in endings) == forms


def test_what_follows_an_ending_stays() -> None:
    """Endings of grammars are whole phrases."""
    assert conjugate("버리", "을 수 있나요") == "버릴 수 있나요"
    assert conjugate("계시", "으세요") == "계세요"
