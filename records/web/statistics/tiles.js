// The answers of one look: each figure with its change, each a key to its formula and its contacts.
import { say } from 'desk/office/words.js';
import { html } from 'desk/view.js';
import { amount, change, named, together } from './amounts.js';
import { openFigure } from './behind.js';
import { besides, over } from './periods.js';

/** @typedef {import('./types.js').Answer} Answer */
/** @typedef {import('./types.js').Span} Span */

export const TILES = [
  'offered', 'answered', 'service_level', 'asa', 'abandon_rate', 'abandoned', 'aht', 'talk', 'hold', 'wrap',
  'fcr', 'satisfaction', 'texts', 'containment', 'suggestion_use', 'transfer_rate',
];

/** @param {{told: Answer, year: Answer | null, span: Span, today: string, hour: number, where: [string, string][]}} props */
export function Tiles({ told, year, span, today, hour, where }) {
  return html`
    <ul class="tiles">
      ${TILES.map((id) => {
        const at = told.measures.findIndex((measure) => measure.id === id);
        const measure = told.measures[at];
        const figure = told.total.figures[at];
        const open = () => openFigure({ measure, figure, span, where, provisional: told.provisional_from });
        return html`
          <li key=${id}><button class="tile" data-measure=${id} onClick=${open} title=${say('statistics.explain')}>
            <span class="name">${named(measure)}</span>
            <b class="value">${amount(figure.value, measure.unit)}</b>
            <${Change} told=${told} at=${at} today=${today} hour=${hour} than=${say(`statistics.than.${besides(span)}`)} />
            <${Change} told=${year} at=${at} today=${today} hour=${hour} than=${say('statistics.than.year')} />
          </button></li>`;
      })}
    </ul>`;
}

/** Of the pieces of time that are over alone: a morning is no day. @param {{told: Answer | null, at: number, today: string, hour: number, than: string}} props */
function Change({ told, at, today, hour, than }) {
  const lines = told?.lines.filter((line) => line.before.length > 0 && over(line.bucket, today, hour)) ?? [];
  const measure = told?.measures[at];
  const by = measure && lines.length > 0 && change(measure, together(measure, lines.map((line) => line.figures[at])), together(measure, lines.map((line) => line.before[at])));
  return html`
    <span class="than"><span>${than}</span>
      <span class=${`by${by && by.way > 0 ? ' good' : by && by.way < 0 ? ' bad' : ''}`}>${by ? by.text : '–'}
        ${by && by.way !== 0 && html`<span class="heard-out">${say(by.way > 0 ? 'statistics.better' : 'statistics.worse')}</span>`}</span></span>`;
}
