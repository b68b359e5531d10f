/** Whether the district lets people of this deployment in. One nobody has seen is remembered, and waits for district IT. */
import type { Db } from '../src/db/db.ts';
import type { DeploymentStatus } from './platforms.ts';
import { Refusal } from './refusal.ts';

type Named = { districtId: number; platformId: number; deploymentId: string };

/** @throws Refusal `deployment_pending` | `deployment_refused` */
export async function deploymentFor(db: Db, named: Named): Promise<void> {
  const { districtId, platformId, deploymentId } = named;
  const [found] = await db.atFrontDoor(
    (tx) => tx<{ status: DeploymentStatus }[]>`
      SELECT status FROM lti_deployment WHERE district_id = ${districtId} AND platform_id = ${platformId} AND deployment_id = ${deploymentId}`,
  );
  await letIn(db, named, found?.status ?? null);
}

/** @param status null: never seen */
export async function letIn(db: Db, { districtId, platformId, deploymentId }: Named, status: DeploymentStatus | null): Promise<void> {
  if (status === 'active') return;
  if (status === 'refused') throw new Refusal('deployment_refused', 'this deployment was refused by the district’s administrator');
  if (status === null) {
    await db.atFrontDoor(
      (tx) => tx`
        INSERT INTO lti_deployment (district_id, platform_id, deployment_id, status)
        VALUES (${districtId}, ${platformId}, ${deploymentId}, 'pending') ON CONFLICT DO NOTHING`,
    );
  }
  throw new Refusal('deployment_pending', 'this deployment waits for the district’s administrator');
}
