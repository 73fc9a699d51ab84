import type { Shown, Snapshot } from '../../../protocol/generated';
import { currentItem, currentSpeaker } from '../../../state/viewModels';
import type { Presenting } from '../../../state/presenting';
import { type Reading, readingOfPaper } from '../../paper/reading';
import type { RoomView } from '../model';

/** What the stage shows of the papers: one to read, or `withheld`: one is presented that is not for this reader. */
export type StagePaperChoice = Reading | 'withheld' | null;

const PRESENTS = new Set(['member', 'guest', 'presenter']);

/** Whether the reader may present now: chair and secretary always, others for their item or with the floor. */
export function mayPresent(snapshot: Snapshot, personId: string): boolean {
  const role = snapshot.myRole;
  if (role === 'chair' || role === 'secretary') return true;
  if (role === null || !PRESENTS.has(role)) return false;
  return currentItem(snapshot)?.presenterId === personId || currentSpeaker(snapshot)?.personId === personId;
}

/** The paper that is presented, if it is for this reader. A hall's screen shows it, whatever else it may not read. */
export function readingOfPlace({ snapshot, can }: Pick<RoomView, 'snapshot' | 'can'>, place: Shown): Reading | null {
  if (!can.readPapers && !can.hall) return null;
  const papers = snapshot.items.flatMap((item) => item.papers);
  const paper = papers.find((one) => one.id === place.paperId);
  return paper ? readingOfPaper(snapshot.meeting, { ...paper, version: place.version }) : null;
}

/** What is on the stage: where the reader follows, the presenter's paper; else the reader's own choice. */
export function stagePaper(
  room: Pick<RoomView, 'snapshot' | 'can' | 'personId'>,
  presenting: Presenting,
  own: Reading | null,
): StagePaperChoice {
  const presented = presenting.presented.value;
  if (!presented || presented.personId === room.personId || !presenting.attached.value) return own;
  return readingOfPlace(room, presented.place) ?? 'withheld';
}
