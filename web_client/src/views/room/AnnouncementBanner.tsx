import { Megaphone, X } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Icon, IconButton } from '../../ui';
import type { RoomView } from './model';
import './run/run.css';

/** What the secretariat tells everybody. Who has read it may take it from their own screen. */
export function AnnouncementBanner({ room }: { room: RoomView }): VNode | null {
  const [read, setRead] = useState<string | null>(null);
  const { announcement } = room.snapshot;
  if (!announcement || announcement.id === read) return <div role="status" class="visually-hidden" />;
  return (
    <div role="status" class="announcement" data-testid="announcement">
      <Icon icon={Megaphone} />
      <p dir="auto">{announcement.text}</p>
      <IconButton icon={X} label={t('announcement-read')} onClick={() => setRead(announcement.id)} />
    </div>
  );
}
