import { FileUp, X } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText, t } from '../../i18n';
import { ApiError } from '../../protocol/errors';
import { Banner, Icon, IconButton, notify, Progress } from '../../ui';
import type { DeskActions } from './actions';

interface Running {
  name: string;
  /** 0 to 1; at 1 the hub has the file and works on it. */
  share: number;
}

export interface UploadProps {
  itemId: string;
  itemTitle: string;
  onUpload: DeskActions['upload'];
}

/** Attaches PDF files to an agenda item, one after the other, with progress; the reader can cancel. */
export function Upload({ itemId, itemTitle, onUpload }: UploadProps): VNode {
  const [running, setRunning] = useState<Running | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const canceller = useRef<AbortController | null>(null);
  useEffect(() => () => canceller.current?.abort(), []);

  async function send(file: File, signal: AbortSignal): Promise<void> {
    if (!isPdf(file)) throw new NotPdf(file.name);
    setRunning({ name: file.name, share: 0 });
    await onUpload(itemId, file, { signal, onProgress: (share) => setRunning({ name: file.name, share }) });
    notify(t('upload-done', { name: file.name }));
  }

  async function sendAll(files: File[]): Promise<void> {
    const controller = new AbortController();
    canceller.current = controller;
    setProblem(null);
    let current = '';
    try {
      for (const file of files) {
        current = file.name;
        await send(file, controller.signal);
      }
    } catch (error) {
      if (!controller.signal.aborted) setProblem(problemText(current, error));
    } finally {
      setRunning(null);
    }
  }

  return (
    <div class="upload">
      {running ? (
        <div class="upload__running">
          <Progress
            label={t(running.share < 1 ? 'upload-running' : 'upload-processing', { name: running.name })}
            value={running.share < 1 ? running.share : undefined}
          />
          <IconButton icon={X} label={t('upload-cancel')} onClick={() => canceller.current?.abort()} />
        </div>
      ) : (
        <label class="button button--quiet upload__choose">
          <Icon icon={FileUp} />
          <span>{t('upload-add')}</span>
          <input
            class="visually-hidden"
            type="file"
            accept="application/pdf,.pdf"
            multiple
            aria-label={t('upload-add-to', { title: itemTitle })}
            data-testid={`upload-${itemId}`}
            onChange={(event) => {
              const files = [...(event.currentTarget.files ?? [])];
              event.currentTarget.value = '';
              void sendAll(files);
            }}
          />
        </label>
      )}
      {problem ? (
        <Banner tone="danger">
          <p>{problem}</p>
        </Banner>
      ) : null}
    </div>
  );
}

class NotPdf extends Error {}

function isPdf(file: File): boolean {
  return file.type === 'application/pdf' || (file.type === '' && file.name.toLowerCase().endsWith('.pdf'));
}

function problemText(name: string, error: unknown): string {
  if (error instanceof NotPdf || (error instanceof ApiError && error.code === 'wrong_type'))
    return t('upload-wrong-type', { name });
  return `${t('upload-failed', { name })} ${errorText(error)}`;
}
