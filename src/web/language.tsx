/** The reader's language: chosen by hand, else the launch's, else the browser's. The page's <html lang dir> follows. */
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { type Language, languageFor, languages } from './locales/languages.ts';
import { type Words, wordsOf } from './words.ts';

type Spoken = { language: Language; words: Words };
const Spoken = createContext<(Spoken & { choose(code: string): void }) | null>(null);

const choiceKey = 'aptt.language';

export async function speak(language: Language): Promise<Spoken> {
  return { language, words: wordsOf(language.code, await language.load()) };
}

/** @param launched the launch's locale, once known */
export function wantedLanguage(launched: string | null): Language {
  return languageFor([chosen(), launched, ...navigator.languages]);
}

export function LanguageProvider(props: { first: Spoken; launched: string | null; children: ComponentChildren }) {
  const [spoken, setSpoken] = useState(props.first);
  const change = (language: Language) => {
    // When a catalogue does not arrive (weak signal) the page stays in the language it has.
    if (language !== spoken.language) void speak(language).then(setSpoken, () => {});
  };
  useLayoutEffect(() => {
    document.documentElement.lang = spoken.language.code;
    document.documentElement.dir = spoken.language.dir;
  }, [spoken]);
  useEffect(() => change(wantedLanguage(props.launched)), [props.launched]);
  const choose = (code: string) => {
    remember(code);
    change(languageFor([code]));
  };
  return <Spoken.Provider value={{ ...spoken, choose }}>{props.children}</Spoken.Provider>;
}

export function useLanguage() {
  const spoken = useContext(Spoken);
  if (!spoken) throw new Error('no language around this part');
  return spoken;
}

export const useWords = (): Words => useLanguage().words;

export function LanguageSwitch() {
  const { language, words, choose } = useLanguage();
  return (
    <fieldset class="languages">
      <legend class="unseen">{words.t('app.language')}</legend>
      {languages.map(({ code, name }) => (
        <button key={code} type="button" class="quiet" lang={code} aria-pressed={code === language.code} onClick={() => choose(code)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}

function chosen(): string | null {
  try {
    return localStorage.getItem(choiceKey);
  } catch {
    return null;
  }
}

function remember(code: string): void {
  try {
    localStorage.setItem(choiceKey, code);
  } catch {
    // Storage is blocked in this frame: the choice lasts as long as the page.
  }
}
