import { Megaphone } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../../i18n';
import { Button, ErrorBanner, TextArea, useAction } from '../../../ui';
import type { RoomView } from '../model';

const MAX_TEXT = 500;

/** Something that appears on every screen and display. What is typed survives a reload of the window. */
export function AnnounceForm({ room }: { room: RoomView }): VNode {
  const key = `plenum.announcement.${room.snapshot.meeting.id}`;
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? '');
  const action = useAction();
  const keep = (typed: string) => {
    setText(typed);
    sessionStorage.setItem(key, typed);
  };
  const send = async (event: Event) => {
    event.preventDefault();
    if (await action.run(() => room.meeting.request('announce', { text: text.trim() }))) keep('');
  };
  return (
    <form class="run__form" onSubmit={send}>
      <TextArea
        label={t('run-announce-text')}
        value={text}
        rows={2}
        maxLength={MAX_TEXT}
        onValue={keep}
        data-testid="announce-text"
      />
      <ErrorBanner error={action.error} />
      <Button type="submit" icon={Megaphone} wide busy={action.busy} disabled={!text.trim()} data-testid="announce">
        {t('run-announce')}
      </Button>
    </form>
  );
}
