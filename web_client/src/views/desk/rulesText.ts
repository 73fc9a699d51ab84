import { hasText, t } from '../../i18n';
import type { Fraction, Rules } from '../../protocol/generated';

/** What a preset of the rules is called; its code where a newer hub offers one that has no name here yet. */
export function presetName(name: string): string {
  const id = `rules-${name}`;
  return hasText(id) ? t(id) : name;
}

/** Rules of procedure in sentences: quorum, what is compared with what, and what a tie means. */
export function rulesText({ quorum, threshold, base, tie }: Rules): string {
  return [t('rules-quorum', share(quorum)), t('rules-threshold', { base, ...share(threshold) }), t('rules-tie', { tie })].join(' ');
}

function share({ numerator, denominator, strict }: Fraction): Record<string, string | number> {
  return { numerator, denominator, comparison: strict ? 'more' : 'at_least' };
}
