import { computed, signal } from '@preact/signals';
import { apiUrl } from '../protocol/http';
import type { Paper, Snapshot } from '../protocol/generated';
import { me } from './session';

const STORED = 'plenum.read';
const KEPT = 500;

const key = computed(() => `${STORED}.${me.value?.personId ?? ''}`);
const marks = signal(0);

function load(): readonly string[] {
  return JSON.parse(localStorage.getItem(key.value) ?? '[]') as string[];
}

/** Addresses of the papers that the reader opened on this computer, the latest last; a new version is another one. */
const read = computed(() => {
  void marks.value;
  return load();
});

export function markRead(url: string): void {
  const known = [...load().filter((one) => one !== url), url].slice(-KEPT);
  localStorage.setItem(key.value, JSON.stringify(known));
  marks.value += 1;
}

/** The papers of a meeting that were not opened here yet, in the order of the agenda. */
export function unreadPapers({ meeting, items }: Pick<Snapshot, 'meeting' | 'items'>): Paper[] {
  const papers = items.toSorted((one, other) => one.position - other.position).flatMap((item) => item.papers);
  return papers.filter((paper) => !read.value.includes(paperUrl(meeting.id, paper)));
}

/** Address of a paper's current version. */
export function paperUrl(meetingId: string, paper: Pick<Paper, 'id' | 'version'>): string {
  return apiUrl(`/meetings/${meetingId}/papers/${paper.id}/versions/${paper.version}`);
}
