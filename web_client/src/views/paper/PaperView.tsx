import { ChevronLeft, ChevronRight, Download, ShieldCheck, X, ZoomIn, ZoomOut } from 'lucide';
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatNumber, t } from '../../i18n';
import { Badge, Button, ErrorBanner, Icon, IconButton, Progress, VerificationDialog } from '../../ui';
import { PageView } from './PageView';
import './paper.css';
import type { Reading } from './reading';
import { usePdf } from './usePdf';
import { useZoom } from './useZoom';

export interface PaperProps {
  reading: Reading;
  /** Takes the paper away again; left out where the paper is the page, which has title and way back itself. */
  onClose?: () => void;
}

/** Reads a PDF: page by page, at any size, with the reader's watermark, and the way to check its signatures. */
export default function PaperView({ reading, onClose }: PaperProps): VNode {
  const { document, progress, error } = usePdf(reading.url);
  const [page, setPage] = useState(1);
  const [checking, setChecking] = useState(false);
  const sheets = useRef<HTMLDivElement>(null);
  const zoom = useZoom(document, page, sheets);
  const pages = document?.numPages ?? 0;
  const turn = (to: number) => setPage(Math.min(Math.max(to, 1), Math.max(pages, 1)));

  useEffect(() => {
    sheets.current?.scrollTo({ top: 0 });
  }, [page]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return;
    if (event.key === 'PageDown') turn(page + 1);
    else if (event.key === 'PageUp') turn(page - 1);
    else return;
    event.preventDefault();
  };

  return (
    <section class="paper" aria-label={reading.title} onKeyDown={onKeyDown} data-testid="paper">
      <header class="paper__bar">
        {onClose ? <h2>{reading.title}</h2> : null}
        {reading.label > 0 ? (
          <Badge tone={reading.label >= 3 ? 'danger' : 'neutral'}>{t(`label-${reading.label}`)}</Badge>
        ) : null}
        {reading.verification ? (
          <Button icon={ShieldCheck} onClick={() => setChecking(true)} data-testid="paper-verify">
            {t('paper-signed')}
          </Button>
        ) : null}
        <span class="paper__space" />
        <PageNumber page={page} pages={pages} onTurn={turn} />
        <div class="paper__group">
          <IconButton icon={ZoomOut} label={t('paper-smaller')} onClick={zoom.smaller} />
          <button type="button" class="paper__zoom" onClick={zoom.fit} title={t('paper-fit')}>
            {formatNumber(zoom.scale, { style: 'percent' })}
          </button>
          <IconButton icon={ZoomIn} label={t('paper-larger')} onClick={zoom.larger} />
        </div>
        <a class="icon-button" href={`${reading.url}?download=1`} download aria-label={t('paper-download')}>
          <Icon icon={Download} />
        </a>
        {onClose ? (
          <IconButton icon={X} label={t('paper-close')} onClick={onClose} data-testid="paper-close" />
        ) : null}
      </header>
      <div class="paper__sheets" ref={sheets} tabIndex={0} role="region" aria-label={t('paper-text')}>
        <ErrorBanner error={error} />
        {document || error ? null : <Progress label={t('paper-loading')} value={progress ?? undefined} />}
        {document ? <PageView document={document} number={page} zoom={zoom.scale} zone={reading.zone} /> : null}
      </div>
      {checking && reading.verification ? (
        <VerificationDialog path={reading.verification} zone={reading.zone} onClose={() => setChecking(false)} />
      ) : null}
    </section>
  );
}

interface PageNumberProps {
  page: number;
  pages: number;
  onTurn: (page: number) => void;
}

function PageNumber({ page, pages, onTurn }: PageNumberProps): VNode {
  return (
    <div class="paper__group">
      <IconButton
        icon={ChevronLeft}
        directional
        label={t('paper-previous')}
        disabled={page <= 1}
        onClick={() => onTurn(page - 1)}
        data-testid="paper-previous"
      />
      <input
        class="control paper__page"
        type="number"
        inputMode="numeric"
        min={1}
        max={Math.max(pages, 1)}
        value={page}
        aria-label={t('paper-page-number')}
        onChange={(event) => onTurn(event.currentTarget.valueAsNumber || 1)}
      />
      <span class="paper__of" data-testid="paper-pages">
        {t('paper-of', { pages })}
      </span>
      <IconButton
        icon={ChevronRight}
        directional
        label={t('paper-next')}
        disabled={page >= pages}
        onClick={() => onTurn(page + 1)}
        data-testid="paper-next"
      />
    </div>
  );
}
