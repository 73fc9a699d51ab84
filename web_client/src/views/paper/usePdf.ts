import type { PDFDocumentProxy } from 'pdfjs-dist';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../../protocol/errors';
import { markRead } from '../../state/readPapers';
import { loadPdf } from './pdf';

export interface Pdf {
  readonly document: PDFDocumentProxy | null;
  /** Share loaded, 0 to 1; null while the size is unknown. */
  readonly progress: number | null;
  readonly error: unknown;
}

/** Load a PDF while the component is drawn. */
export function usePdf(url: string): Pdf {
  const [pdf, setPdf] = useState<Pdf>({ document: null, progress: null, error: null });
  useEffect(() => {
    const task = loadPdf(url);
    let gone = false;
    const show = (change: Partial<Pdf>) => !gone && setPdf((before) => ({ ...before, ...change }));
    task.onProgress = ({ loaded, total }: { loaded: number; total: number }) => {
      if (total > 0) show({ progress: Math.min(1, loaded / total) });
    };
    task.promise.then(
      (document) => {
        markRead(url);
        show({ document, progress: 1 });
      },
      (error: unknown) => show({ error: readingError(error) }),
    );
    return () => {
      gone = true;
      void task.destroy();
    };
  }, [url]);
  return pdf;
}

/** Word pdf.js's errors with the hub's codes. */
function readingError(error: unknown): ApiError {
  const status = (error as { status?: number }).status;
  if (status === 404 || status === 403) return new ApiError('not_found', String(error), {}, status);
  if (status === 401) return new ApiError('session_expired', String(error), {}, status);
  return new ApiError(status === undefined || status === 0 ? 'paper_unreadable' : 'network', String(error), {}, status);
}
