// What every Node adapter shares; harness.py says what goes in and out.
'use strict';

const fs = require('fs');
const path = require('path');
const readline = require('readline');

const WARM_UP = 'The mayor said on May 4 that 20 percent of the $3.5 million had paid for two 40 km roads.';
const SENTENCE = /(?:[^.!?\n]|[.!?](?!\s)|\n(?!\s*\n))+[.!?]*/g;

// The processor seconds of this process, its collector's and compiler's threads among them.
function clock() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

// [offset, sentence]: cut at full stops before white space and at empty lines.
function sentences(text) {
  return [...text.matchAll(SENTENCE)]
    .map((match) => [match.index + match[0].length - match[0].trimStart().length, match[0].trim()])
    .filter(([, sentence]) => sentence);
}

// JavaScript counts UTF-16 units, the codebook characters: offset -> offset.
function characters(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (offset) => offset;
  return (offset) => Array.from(text.slice(0, offset)).length;
}

function installed(name) {
  return JSON.parse(fs.readFileSync(path.join(process.env.NODE_PATH, name, 'package.json'), 'utf8'));
}

function option(name, fallback) {
  const place = process.argv.indexOf(name);
  return place < 0 ? fallback : process.argv[place + 1];
}

// What was found, or the error: a peer that throws on one sentence is counted, not ended.
function attempt(adapter, piece) {
  try {
    return adapter.find(piece);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function answer(adapter, text, feed, full) {
  const pieces = feed === 'sentences' ? sentences(text) : [[0, text]];
  const started = clock();
  const results = pieces.map(([, piece]) => attempt(adapter, piece));
  const seconds = clock() - started;
  const peak = process.resourceUsage().maxRSS;
  const at = characters(text);
  const found = pieces.flatMap(([offset, piece], place) =>
    (results[place] instanceof Error ? [] : adapter.describe(results[place], piece)).map((finding) => ({
      ...finding,
      start: at(finding.start + offset),
      end: at(finding.end + offset),
    })),
  );
  const errors = results.filter((result) => result instanceof Error).length;
  const line = { seconds, peak, count: found.length, errors };
  return full ? { ...line, found } : line;
}

// adapter: { packages, load(), find(text), describe(found, text) }
async function serve(adapter) {
  const budget = Number(option('--budget', 'Infinity'));
  const full = process.argv.includes('--findings');
  const started = clock();
  adapter.load();
  adapter.find(WARM_UP);
  const versions = Object.fromEntries(
    adapter.packages.map((name) => [name, installed(name).version]),
  );
  console.log(JSON.stringify({ load: clock() - started, versions }));
  let spent = 0;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (spent >= budget) break;
    const made = answer(adapter, JSON.parse(line).text, option('--feed'), full);
    spent += made.seconds;
    console.log(JSON.stringify(made));
  }
}

module.exports = { serve };
