import { ChevronLeft, ChevronRight, Download, PanelLeft, Search, ShieldCheck, X, ZoomIn, ZoomOut } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { formatNumber, t } from '../../i18n';
import { Badge, Button, Icon, IconButton } from '../../ui';
import type { Reading } from './reading';
import type { Zoom } from './useZoom';

interface BarProps {
  reading: Reading;
  page: number;
  pages: number;
  zoom: Zoom;
  tools: ComponentChildren;
  onTurn: (page: number) => void;
  onThumbnails: () => void;
  onSearch: () => void;
  onCheck: () => void;
  onClose: (() => void) | undefined;
}

/** What stands above a paper: what it is, and how to move in it. */
export function PaperBar(props: BarProps): VNode {
  const { reading, page, pages, zoom, tools, onTurn, onThumbnails, onSearch, onCheck, onClose } = props;
  return (
    <header class="paper__bar">
      {onClose ? <h2>{reading.title}</h2> : null}
      {reading.label > 0 ? (
        <Badge tone={reading.label >= 3 ? 'danger' : 'neutral'}>{t(`label-${reading.label}`)}</Badge>
      ) : null}
      {reading.verification ? (
        <Button icon={ShieldCheck} onClick={onCheck} data-testid="paper-verify">
          {t('paper-signed')}
        </Button>
      ) : null}
      {tools}
      <span class="paper__space" />
      <div class="paper__group">
        <IconButton icon={PanelLeft} directional label={t('paper-pages')} class="paper__wide" onClick={onThumbnails} data-testid="paper-thumbs" />
        <IconButton icon={Search} label={t('paper-search')} onClick={onSearch} data-testid="paper-search" />
      </div>
      <PageNumber page={page} pages={pages} onTurn={onTurn} />
      <div class="paper__group">
        <IconButton icon={ZoomOut} label={t('paper-smaller')} onClick={zoom.smaller} />
        <button
          type="button"
          class="paper__zoom"
          onClick={zoom.fit}
          title={t(zoom.fits === 'width' ? 'paper-fit-page' : 'paper-fit')}
          data-testid="paper-fit"
        >
          {formatNumber(zoom.scale, { style: 'percent', maximumFractionDigits: 0 })}
        </button>
        <IconButton icon={ZoomIn} label={t('paper-larger')} onClick={zoom.larger} data-testid="paper-larger" />
      </div>
      <a class="icon-button" href={`${reading.url}?download=1`} download aria-label={t('paper-download')}>
        <Icon icon={Download} />
      </a>
      {onClose ? <IconButton icon={X} label={t('paper-close')} onClick={onClose} data-testid="paper-close" /> : null}
    </header>
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
        data-testid="paper-page"
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
