// wink-nlp with its English "lite" model: named entities that hold a number.
'use strict';

const { serve } = require('./harness.js');

const NUMERIC = new Set(['CARDINAL', 'MONEY', 'PERCENT', 'DATE', 'TIME', 'DURATION']);
let nlp;
let its;

// The character span of every token of a document.
function spans(document) {
  let end = 0;
  return document.tokens().out(its.value).map((word, place) => {
    const start = end + document.tokens().itemAt(place).out(its.precedingSpaces).length;
    end = start + word.length;
    return [start, end];
  });
}

serve({
  packages: ['wink-nlp', 'wink-eng-lite-web-model'],
  load() {
    nlp = require('wink-nlp')(require('wink-eng-lite-web-model'));
    its = nlp.its;
  },
  find(text) {
    const document = nlp.readDoc(text);
    return { document, entities: document.entities().out(its.detail) };
  },
  describe({ document, entities }) {
    const places = spans(document);
    return entities
      .map(({ value, type }, index) => ({ value, type, tokens: document.entities().itemAt(index).out(its.span) }))
      .filter(({ type }) => NUMERIC.has(type))
      .map(({ value, type, tokens }) => ({
        start: places[tokens[0]][0],
        end: places[tokens[1]][1],
        kind: type,
        text: value,
      }));
  },
});
