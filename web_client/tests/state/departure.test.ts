import { beforeEach, expect, test, vi } from 'vitest';
import { markRead, paperUrl, unreadPapers } from '../../src/state/readPapers';
import { loadSession, me, signOut } from '../../src/state/session';
import { uploadQueue } from '../../src/views/desk/uploads';
import { item, ME, paper, snapshot } from '../samples';

const NOTHING = { status: 204 };

function hub(...answers: Response[]): void {
  vi.stubGlobal('fetch', () => Promise.resolve(answers.shift() ?? new Response(null, NOTHING)));
}

async function isHere(personId: string): Promise<void> {
  hub(Response.json({ ...ME, personId }));
  await loadSession();
}

beforeEach(async () => {
  sessionStorage.clear();
  localStorage.clear();
  await isHere('a');
});

test('drafts survive a reload, and a session that ran out, for the same person', async () => {
  sessionStorage.setItem('plenum.chat.m1.a', 'half a sentence');
  me.value = null;
  await isHere('a');
  expect(sessionStorage.getItem('plenum.chat.m1.a')).toBe('half a sentence');
});

test('who signs out leaves nothing in the window', async () => {
  sessionStorage.setItem('plenum.minutes.m1', 'a draft');
  hub(new Response(null, NOTHING));
  await signOut();
  expect(sessionStorage).toHaveLength(0);
});

test('who takes the place of somebody whose session ran out finds nothing of theirs', async () => {
  sessionStorage.setItem('plenum.announcement.m1', 'not yet said');
  me.value = null;
  await isHere('b');
  expect(sessionStorage.getItem('plenum.announcement.m1')).toBeNull();
});

test('files that somebody was sending are not sent in the name of who comes next', async () => {
  const queue = uploadQueue('m1');
  queue.add([new File(['x'], 'salaries.png', { type: 'image/png' })], { itemId: 'i1' });
  expect(queue.jobs.value).toHaveLength(1);
  await isHere('b');
  expect(queue.jobs.value).toHaveLength(0);
  expect(uploadQueue('m1')).not.toBe(queue);
});

test('which papers were read is kept for each person', async () => {
  const meeting = snapshot({ items: [item('i1', 1, { papers: [paper('d1')] })] });
  markRead(paperUrl('m1', paper('d1')));
  expect(unreadPapers(meeting)).toHaveLength(0);
  await isHere('b');
  expect(unreadPapers(meeting)).toHaveLength(1);
  await isHere('a');
  expect(unreadPapers(meeting)).toHaveLength(0);
});
