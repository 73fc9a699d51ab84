import { Check, X } from 'lucide';
import type { VNode } from 'preact';
import { formatNumber, hasText, t } from '../i18n';
import type { PollResult, Step, Verdict } from '../protocol/generated';
import { Badge, type Tone } from './Badge';
import { Icon } from './Icon';
import './poll.css';

const VERDICT_TONES: Record<Verdict, Tone> = {
  carried: 'success',
  lost: 'danger',
  recast: 'warning',
  no_quorum: 'warning',
};

export function VerdictBadge({ verdict }: { verdict: Verdict }): VNode {
  return <Badge tone={VERDICT_TONES[verdict]}>{t('result-verdict', { verdict })}</Badge>;
}

const STANDARD: Record<string, string> = { yes: 'result-for', no: 'result-against', abstain: 'result-abstain' };

/** What an option is called: its own label, or the reader's word for a standard option. */
export function optionLabel(id: string, labels: Readonly<Record<string, string>> = {}): string {
  const standard = STANDARD[id];
  return labels[id] || (standard ? t(standard) : id);
}

export interface PollFiguresProps {
  result: PollResult;
  /** Labels of the options that are not the standard ones. */
  labels?: Readonly<Record<string, string>>;
}

/** The tally of a poll, figure by figure. */
export function PollFigures({ result, labels }: PollFiguresProps): VNode {
  const rows: [string, string, number][] = [
    ...Object.entries(result.counts).map(([id, count]): [string, string, number] => [id, optionLabel(id, labels), count]),
    ['not_voting', t('result-not-voting'), result.notVoting],
    ['absent', t('result-absent'), result.absent],
  ];
  return (
    <dl class="figures">
      {rows.map(([id, name, count]) => (
        <div key={id} class={`figures__figure figures__figure--${id}`}>
          <dt>{name}</dt>
          <dd>
            <strong>{count}</strong>
            {result.percentages[id] ? <span>{percentText(result.percentages[id])}</span> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** How a verdict follows from the rules, step by step in words. */
export function Derivation({ steps }: { steps: Step[] }): VNode {
  return (
    <ol class="derivation">
      {steps.map((step) => (
        <li key={step.key} class="derivation__step">
          {step.holds === null ? <span /> : <Icon icon={step.holds ? Check : X} size={18} label={t(step.holds ? 'result-holds' : 'result-fails')} />}
          <span>{stepText(step)}</span>
        </li>
      ))}
    </ol>
  );
}

function stepText({ key, params }: Step): string {
  const id = `derivation-${key}`;
  const { percent } = params;
  const shown = percent === undefined ? params : { ...params, percent: percentText(String(percent)) };
  return hasText(id) ? t(id, shown) : t('derivation-other');
}

/** The hub's figure, rounded there to two decimals, as the reader's language writes it. */
function percentText(percent: string): string {
  return formatNumber(Number(percent) / 100, { style: 'percent', minimumFractionDigits: 2 });
}
