import type { VNode } from 'preact';
import type { Minutes, MinutesSection, Snapshot } from '../../protocol/generated';
import type { MinutesActions } from './actions';
import { SectionText } from './Section';
import { Signing } from './Signing';

export interface MinutesReaderProps {
  snapshot: Snapshot;
  minutes: Minutes;
  personId: string;
  actions: MinutesActions;
  onArchive: () => Promise<void>;
}

/** The minutes to be read, and signed by those whose turn it is. */
export function MinutesReader({ snapshot, minutes, personId, actions, onArchive }: MinutesReaderProps): VNode {
  return (
    <div class="minutes">
      {minutes.state === 'draft' ? null : (
        <Signing snapshot={snapshot} minutes={minutes} personId={personId} onSign={actions.sign} onArchive={onArchive} />
      )}
      <article class="card minutes__paper">
        {minutes.sections.filter(isWritten).map((section) => (
          <SectionText key={section.id} section={section} />
        ))}
      </article>
    </div>
  );
}

/** Attendance, for one, stands in the document only, unless the secretary remarked on it. */
function isWritten(section: MinutesSection): boolean {
  return section.text !== '' || section.polls.length > 0;
}
