import { useText } from '../../platform/text.ts';
import { PageTitle } from '../../ui/page-title.tsx';
import { AllowList } from './allow-list.tsx';
import { Bootstraps } from './bootstraps.tsx';
import { EnrolmentCard } from './enrolment-card.tsx';
import { ObjectProfiles } from './object-profiles.tsx';
import { ProfileCard } from './profile-card.tsx';

/** How devices come in: who may register, and what terminals are told at bootstrap. */
export function AccessPage() {
  const t = useText();
  return (
    <>
      <PageTitle text={t('nav.access')} />
      <EnrolmentCard />
      <ProfileCard />
      <AllowList />
      <Bootstraps />
      <ObjectProfiles />
    </>
  );
}
