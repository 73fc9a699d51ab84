import { Pencil } from 'lucide';
import type { VNode } from 'preact';
import './desk.css';
import { t } from '../../i18n';
import type { Me, Snapshot } from '../../protocol/generated';
import { Badge, Banner, Button, PageHeading } from '../../ui';
import { Recordings } from '../recording/Recordings';
import type { DeskActions } from './actions';
import { Agenda } from './Agenda';
import { AgendaVersions } from './AgendaVersions';
import { LabelBadge, StateBadge } from './badges';
import { CancelMeeting } from './CancelMeeting';
import { Facts } from './Facts';
import { InvitationAnswer } from './InvitationAnswer';
import { Mail } from './Mail';
import { MeetingDialog } from './MeetingDialog';
import { NextStepCard } from './NextStepCard';
import { People } from './People';
import { Preparation } from './Preparation';
import { nextStep, standing } from './standing';
import { UndecidedItems } from './UndecidedItems';
import type { UploadQueue } from './uploads';
import { useFixes } from './useFixes';

export interface MeetingViewProps {
  snapshot: Snapshot;
  person: Me;
  actions: DeskActions;
  uploads: UploadQueue;
}

/** Agenda and people in the main column; beside it what the reader should do, and the facts. */
export function MeetingView({ snapshot, person, actions, uploads }: MeetingViewProps): VNode {
  const { editing, setEditing, item, setItem, inviting, setInviting, fix } = useFixes();
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
          <NextStepCard snapshot={snapshot} standing={mine} step={step} person={person} actions={actions} />
          {mine.prepare ? <Preparation snapshot={snapshot} primary={step === 'convene'} actions={actions} uploads={uploads} onFix={fix} /> : null}
          {mine.answer && mine.self ? <InvitationAnswer self={mine.self} onAnswer={actions.answer} /> : null}
          {mine.records ? <AgendaVersions snapshot={snapshot} /> : null}
          {mine.prepare ? <Mail meetingId={meeting.id} revision={snapshot.revision} /> : null}
          {mine.run ? <Recordings snapshot={snapshot} /> : null}
          <Facts meeting={meeting} convened={snapshot.versions.length > 0} recorded={snapshot.recording.allowed} />
        </div>
        <div class="desk__main">
          <Agenda
            snapshot={snapshot}
            prepare={mine.prepare}
            actions={actions}
            uploads={uploads}
            editing={item}
            onEdit={setItem}
          />
          <People
            snapshot={snapshot}
            prepare={mine.prepare}
            inviting={inviting}
            onInviting={setInviting}
            onInvite={actions.invite}
          />
        </div>
      </div>
      {editing ? <MeetingDialog meeting={meeting} onSubmit={actions.edit} onClose={() => setEditing(false)} /> : null}
    </>
  );
}
