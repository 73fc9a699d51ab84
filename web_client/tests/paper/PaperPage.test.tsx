import { fireEvent, render, screen } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import { me } from '../../src/state/session';
import PaperPage from '../../src/views/paper/PaperPage';
import { expectAccessible } from '../axe';
import { item, ME, paper, snapshot } from '../samples';
import { fakeHub, type FakeHub } from '../ui/fakeHub';
import { installBrowser } from '../views/roomWorld';

const loaded = vi.hoisted(() => vi.fn());
vi.mock('../../src/views/paper/pdf', () => ({ loadPdf: loaded }));
vi.mock('pdfjs-dist', () => ({
  TextLayer: class {
    render = () => Promise.resolve();
    cancel = () => undefined;
  },
}));

/** A document of two pages that draws nothing. */
function pdf(): object {
  const page = {
    getViewport: ({ scale }: { scale: number }) => ({ width: 600 * scale, height: 800 * scale }),
    render: () => ({ promise: Promise.resolve(), cancel: () => undefined }),
    streamTextContent: () => ({}),
  };
  const document = { numPages: 2, getPage: () => Promise.resolve(page) };
  return { promise: Promise.resolve(document), destroy: () => Promise.resolve() };
}

let hub: FakeHub;
beforeEach(() => {
  installBrowser();
  Element.prototype.scrollTo = () => undefined;
  vi.stubGlobal(
    'WebSocket',
    class extends EventTarget {
      close(): void {}
    },
  );
  me.value = ME;
  loaded.mockReset();
  loaded.mockImplementation(pdf);
  hub = fakeHub();
  hub.on('GET /meetings/m1', snapshot({
    items: [
      item('i2', 2, { papers: [paper('p3')] }),
      item('i1', 1, { papers: [paper('p1'), paper('p2')] }),
    ],
  }));
});

test('a paper has a page with its title, the way back, and the reader’s mark on every page', async () => {
  render(<PaperPage id="m1" paperId="p2" />);
  expect(await screen.findByRole('heading', { level: 1, name: 'Paper p2' })).toBeTruthy();
  await vi.waitFor(() => expect(document.title).toBe('Paper p2 – Plenum'));
  expect(screen.getByRole('link', { name: 'To the meeting’s page' }).getAttribute('href')).toBe('/meetings/m1');
  expect(screen.getByText('1. Item i1')).toBeTruthy();
  expect(loaded).toHaveBeenCalledExactlyOnceWith('/api/v1/meetings/m1/papers/p2/versions/2');
  await vi.waitFor(() => expect(document.querySelector<HTMLElement>('.watermark span')?.dataset['text']).toContain('Person a'));
  expect(screen.queryByTestId('paper-close')).toBeNull();
  await expectAccessible();
});

test('its pages are turned', async () => {
  render(<PaperPage id="m1" paperId="p1" />);
  await vi.waitFor(() => expect(screen.getByTestId('paper-pages').textContent).toBe('of 2'));
  expect(screen.getByTestId<HTMLButtonElement>('paper-previous').disabled).toBe(true);
  fireEvent.click(screen.getByTestId('paper-next'));
  await vi.waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('paper-next').disabled).toBe(true));
});

test.each([
  ['p1', undefined, 'p2'],
  ['p2', 'p1', 'p3'],
  ['p3', 'p2', undefined],
])('around %s are the papers before and after it in the order of the agenda', async (paperId, before, after) => {
  render(<PaperPage id="m1" paperId={paperId} />);
  await screen.findByTestId('paper');
  const path = (id: string | undefined) => id && `/meetings/m1/papers/${id}`;
  expect(screen.queryByTestId('previous-paper')?.getAttribute('href')).toBe(path(before));
  expect(screen.queryByTestId('next-paper')?.getAttribute('href')).toBe(path(after));
});

test('a paper that is not for the reader is said not to be there', async () => {
  render(<PaperPage id="m1" paperId="p9" />);
  expect((await screen.findByRole('alert')).textContent).toContain('does not exist any more, or you may not see it');
  expect(loaded).not.toHaveBeenCalled();
  await expectAccessible();
});
