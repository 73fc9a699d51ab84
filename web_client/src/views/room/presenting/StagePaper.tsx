import { MonitorPlay, MousePointer2 } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../../i18n';
import type { Table } from '../../../state/table';
import { Button, IconButton } from '../../../ui';
import type { Place } from '../../paper/place';
import PaperView from '../../paper/PaperView';
import type { Reading } from '../../paper/reading';
import type { RoomView } from '../model';
import { mayPresent } from './presented';
import { PresentingNotice } from './PresentingNotice';

interface StagePaperProps {
  room: RoomView;
  table: Table;
  reading: Reading;
  onClose: () => void;
  /** The reader stays with this paper. */
  onKeep: (reading: Reading) => void;
}

/** A paper on the stage: read alone, with the presenter, or presented. */
export default function StagePaper({ room, table, reading, onClose, onKeep }: StagePaperProps): VNode {
  const { presenting } = table;
  const [pointing, setPointing] = useState(false);
  const presented = presenting.presented.value;
  const { paper } = reading;
  const shown = presented !== null && presented.place.paperId === paper?.id;
  const mine = shown && presented.personId === room.personId;
  const follows = shown && !mine && presenting.attached.value;
  const detach = () => {
    onKeep(reading);
    presenting.detach();
  };
  const present = (place: Place) => {
    if (paper) presenting.present({ ...place, paperId: paper.id, version: paper.version });
  };
  const close = () => {
    if (mine) presenting.end();
    else if (follows) presenting.detach();
    onClose();
  };
  const offers = paper !== null && !mine && !room.can.hall && mayPresent(room.snapshot, room.personId);
  const alone = room.can.hall ? {} : { onClose: close };
  return (
    <PaperView
      reading={reading}
      {...alone}
      lead={follows ? presented.place : null}
      {...(mine ? { onPlace: present } : {})}
      {...(follows && !room.can.hall ? { onMoved: detach } : {})}
      pointing={mine && pointing}
      tools={
        <>
          {offers ? (
            <Button
              icon={MonitorPlay}
              onClick={() => present({ page: 1, x: 0, y: 0, zoom: 1, pointer: null })}
              data-testid="paper-present"
            >
              {t('present-start')}
            </Button>
          ) : null}
          {mine ? (
            <IconButton
              icon={MousePointer2}
              label={t(pointing ? 'present-pointer-off' : 'present-pointer')}
              aria-pressed={pointing ? 'true' : 'false'}
              onClick={() => setPointing(!pointing)}
              data-testid="paper-pointer"
            />
          ) : null}
        </>
      }
      notice={<PresentingNotice room={room} presenting={presenting} />}
    />
  );
}
