import { Pencil } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import './desk.css';
import { t } from '../../i18n';
import type { Me, Snapshot } from '../../protocol/generated';
import { Badge, Banner, Button, PageHeading } from '../../ui';
import type { DeskActions } from './actions';
import { Agenda } from './Agenda';
import { AgendaVersions } from './AgendaVersions';
import { LabelBadge, StateBadge } from './badges';
import { CancelMeeting } from './CancelMeeting';
import { Facts } from './Facts';
import { InvitationAnswer } from './InvitationAnswer';
import { MeetingDialog } from './MeetingDialog';
import { NextStepCard } from './NextStepCard';
import { People } from './People';
import { Preparation } from './Preparation';
import { nextStep, standing } from './standing';
import { UndecidedItems } from './UndecidedItems';

export interface MeetingViewProps {
  snapshot: Snapshot;
  person: Me;
  actions: DeskActions;
}

/** Agenda and people in the main column; beside it what the reader should do, and the facts. */
export function MeetingView({ snapshot, person, actions }: MeetingViewProps): VNode {
  const [editing, setEditing] = useState(false);
  const { meeting } = snapshot;
  const mine = standing(snapshot, person.personId);
  const step = nextStep(snapshot, mine);
  return (
    <>
      <PageHeading
        title={meeting.title}
        back={{ href: '/', text: t('desk-back') }}
        meta={
          <>
            <StateBadge state={meeting.state} />
            <LabelBadge label={meeting.label} />
            {snapshot.myRole ? <Badge>{t('desk-your-role', { role: t(`role-${snapshot.myRole}`) })}</Badge> : null}
          </>
        }
        actions={
          <>
            {mine.cancel ? <CancelMeeting onCancel={(reason) => actions.transition('cancelled', reason)} /> : null}
            {mine.prepare ? (
              <Button icon={Pencil} onClick={() => setEditing(true)}>
                {t('desk-edit-meeting')}
              </Button>
            ) : null}
          </>
        }
      />
      {meeting.state === 'cancelled' ? (
        <Banner tone="warning">
          <p>{t('desk-cancelled-because', { reason: meeting.stateReason ?? '' })}</p>
        </Banner>
      ) : null}
      <div class="desk">
        <div class="desk__side">
          <UndecidedItems snapshot={snapshot} onConclude={actions.conclude} />
          <NextStepCard snapshot={snapshot} standing={mine} step={step} actions={actions} />
          {mine.prepare ? <Preparation snapshot={snapshot} primary={step === 'convene'} actions={actions} /> : null}
          {mine.answer && mine.self ? <InvitationAnswer self={mine.self} onAnswer={actions.answer} /> : null}
          {mine.records ? <AgendaVersions snapshot={snapshot} /> : null}
          <Facts meeting={meeting} />
        </div>
        <div class="desk__main">
          <Agenda snapshot={snapshot} prepare={mine.prepare} actions={actions} />
          <People snapshot={snapshot} prepare={mine.prepare} onInvite={actions.invite} />
        </div>
      </div>
      {editing ? <MeetingDialog meeting={meeting} onSubmit={actions.edit} onClose={() => setEditing(false)} /> : null}
    </>
  );
}
