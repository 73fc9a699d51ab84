import type { VNode } from 'preact';
import { formatNumber, t } from '../../i18n';
import type { Poll } from '../../protocol/generated';
import { Derivation, optionLabel, VerdictBadge } from '../../ui';

/** What a poll came to: a bar for each choice, the verdict, and how it follows from the rules. */
export function ResultScene({ poll }: { poll: Poll }): VNode | null {
  const { result } = poll;
  if (!result) return null;
  const labels = Object.fromEntries(poll.options.map((option) => [option.id, option.label]));
  const rows = [
    ...poll.options.map(({ id }) => ({ id, name: optionLabel(id, labels), count: result.counts[id] ?? 0 })),
    { id: 'not_voting', name: t('result-not-voting'), count: result.notVoting },
    { id: 'absent', name: t('result-absent'), count: result.absent },
  ];
  const most = Math.max(1, ...rows.map((row) => row.count));
  return (
    <div class="scene" data-testid="display-result" data-verdict={result.verdict}>
      <p class="scene__eyebrow">{t('display-result')}</p>
      <h2 class="scene__title">{poll.title}</h2>
      <p class={`scene__verdict scene__verdict--${result.verdict}`}>
        <VerdictBadge verdict={result.verdict} />
      </p>
      <dl class="bars">
        {rows.map(({ id, name, count }) => (
          <div key={id} class={`bars__row bars__row--${id}`}>
            <dt>{name}</dt>
            <dd>
              <span class="bars__bar" style={{ inlineSize: `${(count / most) * 100}%` }} />
              <strong>{count}</strong>
              {result.percentages[id] ? <span>{percent(result.percentages[id])}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
      <div class="scene__why">
        <Derivation steps={result.derivation} />
      </div>
    </div>
  );
}

function percent(figure: string): string {
  return formatNumber(Number(figure) / 100, { style: 'percent', minimumFractionDigits: 2 });
}
