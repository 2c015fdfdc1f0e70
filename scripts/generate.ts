// `npm run generate`: writes the files that are generated from the code. A test fails if they are out of date.
import { writeFileSync } from 'node:fs';
import { generatedFiles } from './generated-files.ts';

for (const [path, content] of Object.entries(generatedFiles())) {
  writeFileSync(path, content);
  console.log(path);
}
