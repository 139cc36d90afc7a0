// Any order of events: nothing given is lost, keys are unique, a page is open only after it was opened.
async () => {
  const { NO_VISIT, TRAIL, captioned, given, linkSent, page, trail, valueAt, visitAfter } = await import('/desk/static/visit.js');
  let seed = 7;
  const random = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
  const values = n => [...Array(n).keys()].map(i => ({ field: `f${i}`, label: `l${i}`, value: i % 3 ? `v${i}` : '', hidden: i % 4 === 3 }));
  const make = [
    () => ({ type: 'VisitChanged', state: ['begun', 'opened', 'lost', 'back', 'ended'][random(5)], way: 'sms', language: 'ko' }),
    () => ({ type: 'ScreenShown', screen: ['a', '@captions'][random(2)], title: 'now', path: [...Array(random(7)).keys()].map(String), cause: 'touch' }),
    () => ({ type: 'FormSent', screen: `s${random(4)}`, title: 't', at: '', values: values(random(6)) }),
    () => ({ type: 'PhotoReceived', photo_id: `v${random(4)}` }),
    () => ({ type: 'MessageSent', message_id: `m${random(3)}`, text: random(2) ? '(link)' : 'x', state: 'sent' }),
    () => ({ type: 'CallbackBooked', callback_id: 'k', state: 'booked' }),
  ];
  const wrong = [];
  for (let round = 0; round < 300; round += 1) {
    let visit = NO_VISIT;
    const forms = new Set(), photos = new Set(), messages = new Set();
    let state = '';
    for (let i = 0; i < 25; i += 1) {
      const event = make[random(make.length)]();
      visit = visitAfter(visit, event);
      if (event.type === 'FormSent') forms.add(event.screen);
      if (event.type === 'PhotoReceived') photos.add(event.photo_id);
      if (event.type === 'MessageSent') messages.add(event.message_id);
      if (event.type === 'VisitChanged') state = event.state;
      const all = given(visit).flatMap(form => form.values);
      const numbers = all.map(value => value.number).filter(Boolean);
      const say = (why, good) => good || wrong.push([why, event, visit]);
      say('kept', visit.forms.length === forms.size && visit.photos.length === photos.size && visit.messages.length === messages.size);
      say('open', (page(visit) === 'open') === (state === 'opened' || state === 'back'));
      say('captions', !captioned(visit) || page(visit) === 'open');
      say('numbers', numbers.length === new Set(numbers).size && numbers.every((n, at) => n === at + 1 && n <= 9));
      say('values', numbers.every(n => valueAt(visit, n) === all.find(value => value.number === n).value));
      say('secret', all.every(value => value.kind !== 'secret' || (value.number === 0 && !value.value.includes('secret'))));
      say('trail', trail(visit).length <= TRAIL && (!visit.here || trail(visit).at(-1) === 'now'));
      say('link', !linkSent(visit) || linkSent(visit).text === '(link)');
    }
  }
  return wrong.slice(0, 3);
}
