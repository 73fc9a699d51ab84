import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { MinutesSection } from '../../protocol/generated';
import { Banner, Button } from '../../ui';
import { both, type Conflict } from './draft';
import { sectionTitle } from './Section';

export interface ConflictsProps {
  sections: MinutesSection[];
  conflicts: readonly Conflict[];
  onSettle: (id: string, text: string) => void;
}

/** Both texts of every section that two people changed, side by side; the reader says what is to stand. */
export function Conflicts({ sections, conflicts, onSettle }: ConflictsProps): VNode | null {
  if (conflicts.length === 0) return null;
  return (
    <div class="conflicts" data-testid="minutes-conflicts">
      <Banner tone="warning" title={t('minutes-conflict')}>
        <p>{t('minutes-conflict-text')}</p>
        <p>{t('minutes-conflict-open', { count: conflicts.length })}</p>
      </Banner>
      {conflicts.map((conflict) => {
        const section = sections.find(({ id }) => id === conflict.id);
        return (
          <ConflictCard
            key={conflict.id}
            title={section ? sectionTitle(section) : t('minutes-section-untitled')}
            conflict={conflict}
            onSettle={(text) => onSettle(conflict.id, text)}
          />
        );
      })}
    </div>
  );
}

interface ConflictCardProps {
  title: string;
  conflict: Conflict;
  onSettle: (text: string) => void;
}

function ConflictCard({ title, conflict, onSettle }: ConflictCardProps): VNode {
  return (
    <div class="card conflict">
      <h2>{title}</h2>
      <div class="conflict__sides">
        <div>
          <h3>{t('minutes-conflict-mine')}</h3>
          <p class="minutes__text">{conflict.mine}</p>
          <Button onClick={() => onSettle(conflict.mine)} data-testid="conflict-mine">
            {t('minutes-conflict-use-mine')}
          </Button>
        </div>
        <div>
          <h3>{t('minutes-conflict-theirs')}</h3>
          <p class="minutes__text">{conflict.theirs}</p>
          <Button onClick={() => onSettle(conflict.theirs)} data-testid="conflict-theirs">
            {t('minutes-conflict-use-theirs')}
          </Button>
        </div>
      </div>
      <Button kind="quiet" onClick={() => onSettle(both(conflict))} data-testid="conflict-both">
        {t('minutes-conflict-use-both')}
      </Button>
    </div>
  );
}
