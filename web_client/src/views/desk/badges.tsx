import { Lock } from 'lucide';
import type { VNode } from 'preact';
import { t } from '../../i18n';
import type { ItemState, MeetingState, Response } from '../../protocol/generated';
import { Badge, type Tone } from '../../ui';

const STATE_TONES: Partial<Record<MeetingState, Tone>> = {
  convened: 'accent',
  in_session: 'success',
  suspended: 'warning',
  minutes_review: 'warning',
  cancelled: 'danger',
};

export function StateBadge({ state }: { state: MeetingState }): VNode {
  return (
    <Badge tone={STATE_TONES[state] ?? 'neutral'} data-testid="meeting-state">
      {t(`state-${state}`)}
    </Badge>
  );
}

/** The classification; shown wherever content of that label is shown. */
export function LabelBadge({ label }: { label: number }): VNode | null {
  if (label === 0) return null;
  return (
    <Badge tone={label >= 3 ? 'danger' : 'neutral'} icon={Lock}>
      {t(`label-${label}`)}
    </Badge>
  );
}

const ITEM_TONES: Partial<Record<ItemState, Tone>> = {
  under_discussion: 'success',
  decided: 'accent',
  deferred: 'warning',
};

/** Where an agenda item stands; nothing while it is still to come. */
export function ItemStateBadge({ state }: { state: ItemState }): VNode | null {
  if (state === 'pending') return null;
  return <Badge tone={ITEM_TONES[state] ?? 'neutral'}>{t(`item-state-${state}`)}</Badge>;
}

const RESPONSE_TONES: Record<Response, Tone> = { invited: 'neutral', accepted: 'success', declined: 'danger' };

export function ResponseBadge({ response }: { response: Response }): VNode {
  return <Badge tone={RESPONSE_TONES[response]}>{t(`response-${response}`)}</Badge>;
}
