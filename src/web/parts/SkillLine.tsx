/** What is told of here: the skill in the family's own language, then the name of its test, which they need not know. */
import type { MeasureRef } from '../../read-models/shapes.ts';
import { useWords } from '../language.tsx';
import { skillFirst } from '../phrases.ts';

export function SkillLine({ measure }: { measure: MeasureRef }) {
  const { skill, test } = skillFirst(useWords(), measure);
  return (
    <div>
      <p class="eyebrow">{skill}</p>
      {test && <p class="faint test">{test}</p>}
    </div>
  );
}
