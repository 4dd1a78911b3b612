// Recognizers-Text, JavaScript: numbers, percentages, currencies, dimensions, ages, temperatures.
'use strict';

const { serve } = require('./harness.js');

const KINDS = ['Number', 'Percentage', 'Currency', 'Dimension', 'Age', 'Temperature'];
let recognizers;
let english;

serve({
  packages: ['@microsoft/recognizers-text-suite'],
  load() {
    const suite = require('@microsoft/recognizers-text-suite');
    english = suite.Culture.English;
    recognizers = KINDS.map((kind) => suite[`recognize${kind}`]);
  },
  find: (text) => recognizers.flatMap((recognize) => recognize(text, english)),
  describe: (found) =>
    found.map(({ start, end, typeName, resolution }) => ({
      start,
      end: end + 1,
      kind: typeName,
      value: resolution?.value ?? null,
      unit: resolution?.unit ?? null,
      currency: resolution?.isoCurrency ?? null,
    })),
});
