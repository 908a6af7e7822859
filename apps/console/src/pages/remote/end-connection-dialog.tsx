import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';

interface EndConnectionDialogProps {
  readonly connection: string;
  readonly onEnd: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before one connection ends, and says what becomes of whom it belongs to. */
export function EndConnectionDialog({ connection, onEnd, onClose }: EndConnectionDialogProps) {
  const t = useText();
  return (
    <Dialog
      title={t('remote.connection.end', { connection })}
      action={t('remote.connection.end.short')}
      isDangerous
      onAction={onEnd}
      onClose={onClose}
    >
      <p>{t('remote.connection.end.ask')}</p>
    </Dialog>
  );
}
