import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { Campaigns } from './campaigns.tsx';
import { Packages } from './packages.tsx';
import { Updates } from './updates.tsx';

/** Firmware: what there is, who gets it, and how that goes. */
export function FirmwarePage() {
  const t = useText();
  return (
    <>
      <PageTitle text={t('nav.firmware')} />
      <Campaigns />
      <Packages />
      <Updates />
    </>
  );
}
