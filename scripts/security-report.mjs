// Runs the tests in test/security and writes docs/security.md: each requirement, the test that shows it, the result,
// and what is not built yet.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** What the names of the files begin with, where they are of a group. */
const GROUPS = /^(accounts|api|logs|services|sessions|tokens)-/;

const PAGE = 'docs/security.md';

const NOT_BUILT = [
  ['ASVS 6.3.7 (L3)', 'A mail for a new device.'],
  ['ASVS 6.3.3 (L3)', 'A second factor that cannot be phished, and one that administrators have to have.'],
  [
    'API7:2023',
    'Imports take media URLs and check them, but keep and fetch none; no test in test/security shows it yet.',
  ],
  ['ASVS 16.4, audit table', 'What the audit log says is to be kept in a table, beyond the log.'],
];

const { results, ok } = runTests();
const page = [
  '# Security',
  '',
  'What an attacker tries, and what must happen. Each requirement is shown by a test in `test/security/`, named after ' +
    'the source it comes from: RFC 8725 (JWT best practice), RFC 9068 (JWT access tokens), RFC 6749, RFC 6750, RFC 7009, ' +
    'RFC 7662, RFC 9700 (OAuth), RFC 9449 (DPoP), RFC 9470 (step-up), OWASP ASVS 5.0 and the OWASP API Security Top 10 ' +
    'of 2023.',
  '',
  'Written by `scripts/security-report.mjs`, which runs the tests; do not edit it by hand.',
  '',
  `${count(results)} tests, ${count(results, 'passed')} passed.`,
  ...results.flatMap(sectionOf),
  '',
  '## Not built yet',
  '',
  '| requirement | what is missing |',
  '| --- | --- |',
  ...NOT_BUILT.map(([requirement, missing]) => `| ${requirement} | ${missing} |`),
  '',
].join('\n');
writeFileSync(PAGE, await format(page, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
process.exit(ok ? 0 : 1);

/** Runs them all, and gives the results by file, in the order of their names. */
function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-security-'));
  const file = join(folder, 'results.json');
  const command = ['jest', '--selectProjects', 'e2e', '--testPathPatterns', 'test/security/', '--json'];
  const { status } = spawnSync('npx', ['--no-install', ...command, '--outputFile', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { testResults } = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  return {
    results: testResults.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    ok: status === 0,
  };
}

/** The heading of a file, what it is about, and its table. */
function sectionOf({ name, assertionResults }) {
  const topic = basename(name, '.e2e-spec.ts').replace(GROUPS, '$1: ').replaceAll('-', ' ');
  return [
    '',
    `## ${capitalised(topic)}`,
    '',
    `${capitalised(escape(assertionResults[0]?.ancestorTitles[0] ?? ''))} …`,
    '',
    '| requirement | test | result |',
    '| --- | --- | --- |',
    ...assertionResults.map(rowOf),
  ];
}

function rowOf({ ancestorTitles, title, status }) {
  const [, requirement, test] = /^(.*?\d\)?): (.*)$/s.exec(title) ?? [title, '', title];
  const circumstances = ancestorTitles.slice(1).map((text) => `${text}: `);
  return `| ${escape(requirement)} | ${escape([...circumstances, test].join(''))} | ${status} |`;
}

function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How many tests there are, with a result or at all. */
function count(files, result) {
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  return tests.filter(({ status }) => result === undefined || status === result).length;
}

/** Text as Markdown shows it within a table. */
function escape(text) {
  return text.replace(/[\\`*_<>[\]|~&]/g, (character) => `\\${character}`).replace(/\s+/g, ' ');
}
