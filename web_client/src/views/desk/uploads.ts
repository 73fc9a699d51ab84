import { signal } from '@preact/signals';
import { t } from '../../i18n';
import { api, ApiError } from '../../protocol/http';
import type { Created } from '../../protocol/generated';
import { onDeparture } from '../../state/departure';
import { notify } from '../../ui';

/** Where a file goes: an item, or a paper whose next version it is. */
export interface UploadTarget {
  itemId: string;
  paperId?: string;
}

export type UploadState = 'waiting' | 'sending' | 'checking' | 'failed';

export interface UploadJob extends UploadTarget {
  key: number;
  file: File;
  state: UploadState;
  /** 0 to 1 of the bytes; at 1 the hub has the file and checks it. */
  share: number;
  error: unknown;
}

export interface UploadWatch {
  onProgress: (fraction: number) => void;
  signal: AbortSignal;
}

export type Send = (job: UploadJob, watch: UploadWatch) => Promise<unknown>;

const IN_FLIGHT = 3;
const LATER_S = 5;
const PATIENCE = 60;

/**
 * Files on their way to the hub: three at a time, each with its own progress, cancel and retry. One that the hub has no
 * room for, because another window or many others are uploading, waits for as long as the hub says and is sent again.
 */
export class UploadQueue {
  readonly jobs = signal<readonly UploadJob[]>([]);
  readonly #send: Send;
  readonly #running = new Map<number, AbortController>();
  readonly #later = new Map<number, { timer: ReturnType<typeof setTimeout> | null; times: number }>();
  #next = 1;

  constructor(send: Send) {
    this.#send = send;
  }

  /** Whether leaving the page would lose something. */
  get busy(): boolean {
    return this.jobs.value.some(({ state }) => state !== 'failed');
  }

  add(files: readonly File[], target: UploadTarget): void {
    const added = files.map((file): UploadJob => {
      const refused = isPdf(file) ? null : new ApiError('wrong_type', 'not a PDF');
      const key = this.#next++;
      return { ...target, key, file, state: refused ? 'failed' : 'waiting', share: 0, error: refused };
    });
    this.jobs.value = [...this.jobs.value, ...added];
    this.#pump();
  }

  /** Stop an upload, or take a failed one off the list. */
  cancel(key: number): void {
    this.#running.get(key)?.abort();
    this.#forget(key);
    this.jobs.value = this.jobs.value.filter((job) => job.key !== key);
  }

  /** Stop everything. */
  drop(): void {
    for (const { key } of this.jobs.value) this.cancel(key);
    this.#guard();
  }

  retry(key: number): void {
    this.#change(key, { state: 'waiting', share: 0, error: null });
    this.#pump();
  }

  #pump(): void {
    for (const job of this.jobs.value) {
      if (this.#running.size >= IN_FLIGHT) break;
      if (job.state === 'waiting' && !this.#later.get(job.key)?.timer) void this.#run(job);
    }
    if (typeof window !== 'undefined') this.#guard();
  }

  async #run(job: UploadJob): Promise<void> {
    const controller = new AbortController();
    this.#running.set(job.key, controller);
    this.#change(job.key, { state: 'sending' });
    const onProgress = (share: number) => this.#change(job.key, { share, state: share < 1 ? 'sending' : 'checking' });
    try {
      await this.#send(job, { onProgress, signal: controller.signal });
      this.#forget(job.key);
      this.jobs.value = this.jobs.value.filter(({ key }) => key !== job.key);
      notify(t('upload-done', { name: shownName(job.file) }));
    } catch (error) {
      if (!controller.signal.aborted && !this.#postponed(job.key, error)) this.#fail(job.key, error);
    } finally {
      this.#running.delete(job.key);
      this.#pump();
    }
  }

  /** Have an upload wait that the hub has no room for. False if that was not what was wrong, or has lasted too long. */
  #postponed(key: number, error: unknown): boolean {
    const times = (this.#later.get(key)?.times ?? 0) + 1;
    if (!(error instanceof ApiError) || error.code !== 'too_many_requests' || times > PATIENCE) return false;
    const timer = setTimeout(() => {
      this.#later.set(key, { timer: null, times });
      this.#pump();
    }, Number(error.params.seconds ?? LATER_S) * 1000);
    this.#later.set(key, { timer, times });
    this.#change(key, { state: 'waiting', share: 0 });
    return true;
  }

  #fail(key: number, error: unknown): void {
    this.#forget(key);
    this.#change(key, { state: 'failed', error });
  }

  #forget(key: number): void {
    clearTimeout(this.#later.get(key)?.timer ?? undefined);
    this.#later.delete(key);
  }

  #change(key: number, change: Partial<UploadJob>): void {
    this.jobs.value = this.jobs.value.map((job) => (job.key === key ? { ...job, ...change } : job));
  }

  /** While something is on its way the browser asks before it leaves the page. */
  #guard(): void {
    if (this.busy) window.addEventListener('beforeunload', warn);
    else window.removeEventListener('beforeunload', warn);
  }
}

function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

const queues = new Map<string, UploadQueue>();

// Whoever signs in next must neither see these files nor send them in their own name.
onDeparture(() => {
  for (const queue of queues.values()) queue.drop();
  queues.clear();
});

/** The queue of a meeting. It outlives the view: uploads go on while the reader looks at another page. */
export function uploadQueue(meetingId: string): UploadQueue {
  const known = queues.get(meetingId);
  if (known) return known;
  const queue = new UploadQueue((job, watch) => {
    const root = `/meetings/${meetingId}`;
    const path = job.paperId ? `${root}/papers/${job.paperId}/versions` : `${root}/items/${job.itemId}/papers`;
    return api.upload<Created>(path, paperForm(job.file), watch);
  });
  queues.set(meetingId, queue);
  return queue;
}

/** The hub reads the title before the file, so it comes first. */
function paperForm(file: File): FormData {
  const form = new FormData();
  form.append('title', paperTitle(file.name));
  form.append('file', file, file.name);
  return form;
}

/** A file name as a title: without its ending, with spaces for underscores, 200 characters at most. */
export function paperTitle(fileName: string): string {
  const title = fileName.replace(/\.pdf$/iu, '').replaceAll('_', ' ').trim();
  return (title || fileName).slice(0, 200);
}

/** Directional overrides and isolates make a name read as something else. */
const REORDERING = /[\u202A-\u202E\u2066-\u2069]/gu;

/** A file's name as it is shown. */
export function shownName(file: File): string {
  return file.name.replace(REORDERING, '');
}

function isPdf(file: File): boolean {
  return file.type === 'application/pdf' || (file.type === '' && file.name.toLowerCase().endsWith('.pdf'));
}

/** The item that a file most likely belongs to: names often begin with the item's number, as in "2 Budget.pdf". */
export function likelyItem<T extends { position: number }>(fileName: string, items: readonly T[]): T | undefined {
  const number = /^\D{0,12}?(\d{1,3})(?!\d)/u.exec(fileName)?.[1];
  return items.find(({ position }) => String(position) === number);
}
