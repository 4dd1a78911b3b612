// compromise: numbers, with the unit or the money tag that it sees beside them.
'use strict';

const { serve } = require('./harness.js');

let nlp;

serve({
  packages: ['compromise'],
  load() {
    nlp = require('compromise');
  },
  find: (text) => nlp(text).numbers().json({ offset: true }),
  describe: (found) =>
    found
      .filter(({ offset }) => offset)
      .map(({ text, terms, offset, number }) => ({
        start: offset.start,
        end: offset.start + text.trimEnd().replace(/[,.;:]+$/, '').length,
        value: number.num,
        text,
        unit: number.unit,
        tags: [...new Set(terms.flatMap((term) => term.tags))],
      })),
});
