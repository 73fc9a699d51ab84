import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../../src/ui/tokens.css'), 'utf8');
const PAIR = /--color-([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/gu;
const colours = new Map([...css.matchAll(PAIR)].map(([, name, light, dark]) => [name ?? '', { light: light ?? '', dark: dark ?? '' }]));

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const share = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast after WCAG 2.2 §1.4.3. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function ratio(front: string, back: string, scheme: 'light' | 'dark'): number {
  return contrast(colours.get(front)?.[scheme] ?? '', colours.get(back)?.[scheme] ?? '');
}

const GROUNDS = ['page', 'surface', 'raised', 'sunken'];
const TEXTS: [string, string][] = [
  ...GROUNDS.flatMap((ground): [string, string][] => [
    ['ink', ground],
    ['muted', ground],
    ['accent', ground],
    ['danger', ground],
  ]),
  ...['success', 'warning', 'danger', 'accent'].flatMap((tone): [string, string][] => [
    [tone, `${tone}-soft`],
    ['ink', `${tone}-soft`],
    ['muted', `${tone}-soft`],
  ]),
  ['accent-strong', 'accent-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-danger', 'danger'],
];

for (const scheme of ['light', 'dark'] as const) {
  test.each(TEXTS)(`${scheme}: %s can be read on %s`, (front, back) => {
    expect(ratio(front, back, scheme)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(['page', 'surface'])(`${scheme}: the edge of a control stands out from %s`, (ground) => {
    expect(ratio('control-line', ground, scheme)).toBeGreaterThanOrEqual(3);
  });
}
