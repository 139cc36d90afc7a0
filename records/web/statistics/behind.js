// What a figure is: its formula in words, the two sums, whose definition; and the contacts that make it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { get } from 'desk/office/ask.js';
import { shown, useLoaded } from 'desk/office/loaded.js';
import { may } from 'desk/office/me.js';
import { act } from 'desk/office/notice.js';
import { Choices } from 'desk/office/page.js';
import { half, language, moment, say } from 'desk/office/words.js';
import { clock } from 'desk/format.js';
import { Empty, Key, html } from 'desk/view.js';
import { levels, personName } from '../terms.js';
import { amount, bucketTitle, named, sumOf, valueName } from './amounts.js';
import { pathOf } from './figures.js';

/** @typedef {import('./types.js').Measure} Measure */
/** @typedef {import('./types.js').FactsPage} FactsPage */
/** @typedef {{measure: Measure, figure: import('./types.js').Figure, span: import('./types.js').Span, bucket?: string, where: [string, string][], provisional?: string | null}} Opened */

/** @type {import('@preact/signals').Signal<Opened | null>} */
const opened = signal(null);

/** @param {Opened} what */
export const openFigure = (what) => { opened.value = what; };

export function Behind() {
  const now = opened.value;
  return now && html`<${Dialog} key=${JSON.stringify([now.measure.id, now.bucket, now.where, now.span])} ...${now} />`;
}

/** @param {Opened} props */
function Dialog({ measure, figure, span, bucket = '', where, provisional }) {
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const [part, setPart] = useState('numerator');
  useLayoutEffect(() => { box.current?.showModal(); }, []);
  const close = () => { opened.value = null; };
  const quotient = measure.denominator.length > 0;
  const about = [span.first === span.last ? span.first : `${span.first} – ${span.last}`, bucket && bucketTitle(bucket), ...where.map(([dimension, value]) => `${say(`by.${dimension}`)} ${valueName(dimension, value)}`)];
  return html`
    <dialog class="dialog behind" ref=${box} aria-labelledby="behind-title" onClose=${close}>
      <header><h2 id="behind-title">${named(measure)}</h2><button class="quiet" onClick=${close} autofocus>${say('page.close')} <${Key}>Esc<//></button></header>
      <p class="soft">${about.filter(Boolean).join(' · ')}</p>
      <p class="result"><b>${amount(figure.value, measure.unit)}</b>
        ${quotient && html` = ${sumOf(figure.numerator, measure, true)} ÷ ${sumOf(figure.denominator, measure, false)}`}</p>
      <dl class="facts">
        <dt>${say('statistics.formula')}</dt><dd>${language.value === 'ko' ? measure.formula_ko : measure.formula_en}</dd>
        <dt>${say('statistics.source')}</dt><dd>${half(measure.source)} · <code>${measure.id}</code> = ${measure.numerator.join(' + ').replaceAll('+ -', '− ')}${quotient && ` ÷ ${measure.denominator.join(' + ')}`}</dd>
      </dl>
      ${measure.settles_days > 0 && provisional && span.last >= provisional && html`<p class="band">${say('statistics.provisional', { day: provisional })}</p>`}
      ${quotient && html`<${Choices} label=${say('statistics.which')} value=${part} onChange=${setPart}
        options=${[{ value: 'numerator', label: say('statistics.upper') }, { value: 'denominator', label: say('statistics.lower') }]} />`}
      <${Contacts} key=${part} path=${pathOf('contacts', [['measure', measure.id], ['part', part], ['first', span.first], ['last', span.last], ['bucket', bucket], ...where])} leave=${close} />
    </dialog>`;
}

/** @param {{path: string, leave: () => void}} props */
function Contacts({ path, leave }) {
  const [loaded, again, put] = useLoaded((stop) => /** @type {Promise<FactsPage>} */ (get(path, undefined, stop)), [path]);
  const more = (/** @type {FactsPage} */ page) => act(async () => {
    const next = await get(`${path}&after=${encodeURIComponent(page.next)}`);
    put({ ...next, contacts: [...page.contacts, ...next.contacts] });
  });
  return html`
    <div class="behind-contacts">
      ${shown(loaded, again, (page) => page.contacts.length === 0
        ? html`<${Empty} title=${say('statistics.no_contacts')} />`
        : html`
          <ol class="lines">${page.contacts.map((one) => html`
            <li key=${one.contact_id}><a class="line" href=${`#/contacts/${encodeURIComponent(one.contact_id)}`} onClick=${leave}>
              <span class="title">${one.category ? levels(one.category) : say('statistics.unknown')}</span>
              <span class="about soft">${[say(`channel.${one.channel}`), one.department, one.agent && (may('supervisor') ? personName(one.agent) : '')].filter(Boolean).join(' · ')}</span>
              <span class="when soft">${moment(one.started)} ${one.talk_ms > 0 && clock(one.talk_ms / 1000)}</span>
            </a></li>`)}</ol>
          ${page.next && html`<button class="more" onClick=${() => more(page)}>${say('page.more')}</button>`}`)}
    </div>`;
}
