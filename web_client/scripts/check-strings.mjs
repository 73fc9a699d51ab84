// Every listed locale has every text, with the same variables; every text the code asks for exists; none is left over.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, Visitor } from '@fluent/syntax';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));
const LOCALES = `${SOURCE}/i18n/locales`;
const REFERENCE = 'en';
const problems = [];

class Variables extends Visitor {
  names = new Set();
  visitVariableReference(node) {
    this.names.add(node.id.name);
  }
}

/** Map each text (`id` or `id.attribute`) of a locale to its variables, sorted. */
function readLocale(locale) {
  const texts = new Map();
  for (const file of readdirSync(`${LOCALES}/${locale}`)) {
    for (const entry of parse(readFileSync(`${LOCALES}/${locale}/${file}`, 'utf8'), {}).body) {
      if (entry.type === 'Junk')
        problems.push(`${locale}/${file}: cannot be read: ${entry.content.trim().split('\n')[0]}`);
      if (entry.type !== 'Message') continue;
      for (const [name, pattern] of patterns(entry)) {
        if (texts.has(name)) problems.push(`${locale}/${file}: ${name} is there twice`);
        texts.set(name, variables(pattern));
      }
    }
  }
  return texts;
}

function patterns(message) {
  const own = message.value ? [[message.id.name, message.value]] : [];
  return [
    ...own,
    ...message.attributes.map((attribute) => [`${message.id.name}.${attribute.id.name}`, attribute.value]),
  ];
}

function variables(pattern) {
  const visitor = new Variables();
  visitor.visit(pattern);
  return [...visitor.names].sort();
}

function compare(locale, texts, reference) {
  for (const [name, wanted] of reference) {
    const found = texts.get(name);
    if (!found) problems.push(`${locale}: ${name} is missing`);
    else if (found.some((variable) => !wanted.includes(variable)))
      problems.push(`${locale}: ${name} uses ${found} instead of ${wanted}`);
  }
  for (const name of texts.keys())
    if (!reference.has(name)) problems.push(`${REFERENCE}: ${name} is missing, ${locale} has it`);
}

function sources(folder = SOURCE) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => [`${entry.parentPath}/${entry.name}`, readFileSync(`${entry.parentPath}/${entry.name}`, 'utf8')]);
}

/** Texts are asked for by `t('id')`, or held as a literal or a template that names them. */
function checkUse(reference) {
  const used = new Set();
  const prefixes = [];
  for (const [file, text] of sources()) {
    for (const [, id] of text.matchAll(/\bt\(\s*'([\w.-]+)'/gu)) wanted(id, file);
    for (const [, literal] of text.matchAll(/['"]([a-z][\w.-]*)['"]/gu)) used.add(literal);
    for (const [, prefix] of text.matchAll(/`([a-z][\w-]*-)\$\{/gu)) prefixes.push(prefix);
  }
  for (const name of reference.keys()) {
    if (!used.has(name) && !prefixes.some((prefix) => name.startsWith(prefix)))
      problems.push(`${REFERENCE}: ${name} is used nowhere`);
  }
  function wanted(id, file) {
    used.add(id);
    if (!reference.has(id)) problems.push(`${file.slice(SOURCE.length + 1)}: asks for ${id}, which is no text`);
  }
}

const listed = [...readFileSync(`${SOURCE}/i18n/locales.ts`, 'utf8').matchAll(/source: '([\w-]+)'/gu)].map(
  ([, id]) => id,
);
const reference = readLocale(REFERENCE);
for (const locale of new Set(listed)) if (locale !== REFERENCE) compare(locale, readLocale(locale), reference);
checkUse(reference);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${reference.size} texts, complete in ${[...new Set(listed)].join(', ')}`);
