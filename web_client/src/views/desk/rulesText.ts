import { t } from '../../i18n';
import type { Rules } from '../../protocol/generated';

/** Rules of procedure in one sentence: quorum, what is compared with what, and what a tie means. */
export function rulesText(rules: Rules): string {
  const { quorum, threshold, base, strict, tie } = rules;
  return [
    t('rules-quorum', { numerator: quorum.numerator, denominator: quorum.denominator }),
    t('rules-threshold', {
      base,
      comparison: strict ? 'more' : 'at_least',
      numerator: threshold.numerator,
      denominator: threshold.denominator,
    }),
    t('rules-tie', { tie }),
  ].join(' ');
}
