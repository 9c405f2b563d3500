// What a program writes to a terminal, in tokens: text, controls and whole sequences. They may come split anywhere.
// After the state machine of https://vt100.net/emu/dec_ansi_parser, as xterm has it; C1 controls are no introducers.

export type Token =
  | { readonly kind: "text"; readonly text: string }
  /** One C0 or C1 control, or DEL. */
  | { readonly kind: "control"; readonly text: string }
  /** ESC, characters between, and the one that ends it. */
  | { readonly kind: "escape"; readonly between: string; readonly final: string }
  /** ESC `[`. `prefix`: one of `<=>?`, or nothing. */
  | {
      readonly kind: "csi";
      readonly prefix: string;
      readonly params: string;
      readonly between: string;
      readonly final: string;
    }
  /** OSC `]`, DCS `P`, SOS `X`, PM `^` or APC `_` with its content. */
  | { readonly kind: "string"; readonly opener: string; readonly content: string };

type State = "ground" | "escape" | "csi" | "string" | "string-escape";

const ESC = "\u001b";
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/g; // eslint-disable-line no-control-regex -- what this is about
const STRING_OPENERS = "]PX^_";
/** Longer sequences are nobody's: they are dropped whole. */
const SEQUENCE_MAX = 256;
const CONTENT_MAX = 4096;

export class TerminalTokenizer {
  #state: State = "ground";
  #collected = "";
  #opener = "";

  /** The tokens that `text` ends; what it leaves open comes with the next one. */
  push(text: string): Token[] {
    const tokens: Token[] = [];
    for (let at = 0; at < text.length;) {
      if (this.#state === "ground") at = takeText(text, at, tokens);
      if (at >= text.length) break;
      const character = text.charAt(at);
      // What is no part of a sequence ends it, and is looked at again as what it is.
      if (this.#step(character, tokens)) at++;
    }
    return tokens;
  }

  /** False: `character` is to be taken again, now that the state has changed. */
  #step(character: string, tokens: Token[]): boolean {
    if (character === "\u0018" || character === "\u001a") {
      this.#enter("ground");
      return true;
    }
    switch (this.#state) {
      case "ground":
        if (character === ESC) this.#enter("escape");
        else tokens.push({ kind: "control", text: character });
        return true;
      case "escape":
        return this.#stepEscape(character, tokens);
      case "csi":
        return this.#stepCsi(character, tokens);
      case "string":
        return this.#stepString(character, tokens);
      case "string-escape":
        this.#endString(tokens);
        this.#enter(character === "\\" ? "ground" : "escape");
        return character === "\\";
    }
  }

  #stepEscape(character: string, tokens: Token[]): boolean {
    if (isControl(character)) return this.#control(character, tokens);
    if (character > "~") return this.#abandon();
    if (this.#collected === "" && character === "[") this.#enter("csi");
    else if (this.#collected === "" && STRING_OPENERS.includes(character)) {
      this.#enter("string");
      this.#opener = character;
    } else if (character < "0") this.#collect(character);
    else {
      if (this.#collected.length < SEQUENCE_MAX)
        tokens.push({ kind: "escape", between: this.#collected, final: character });
      this.#enter("ground");
    }
    return true;
  }

  #stepCsi(character: string, tokens: Token[]): boolean {
    if (isControl(character)) return this.#control(character, tokens);
    if (character > "~") return this.#abandon();
    this.#collect(character);
    if (character < "@") return true;
    const [, prefix, params, between, final] =
      /^([<=>?]?)([0-9:;]*)([ -/]*)([@-~])$/.exec(this.#collected) ?? [];
    if (this.#collected.length < SEQUENCE_MAX && final !== undefined) {
      tokens.push({ kind: "csi", prefix: prefix ?? "", params: params ?? "", between: between ?? "", final });
    }
    this.#enter("ground");
    return true;
  }

  #stepString(character: string, tokens: Token[]): boolean {
    if (character === ESC) this.#state = "string-escape";
    else if (character === "\u0007" && this.#opener === "]") {
      this.#endString(tokens);
      this.#enter("ground");
    } else if (this.#collected.length <= CONTENT_MAX) this.#collected += character;
    return true;
  }

  // A control in the middle of a sequence takes effect at once, and the sequence goes on.
  #control(character: string, tokens: Token[]): boolean {
    if (character === ESC) this.#enter("escape");
    else if (character !== "\u007f") tokens.push({ kind: "control", text: character });
    return true;
  }

  #collect(character: string): void {
    if (this.#collected.length < SEQUENCE_MAX) this.#collected += character;
  }

  #abandon(): boolean {
    this.#enter("ground");
    return false;
  }

  #endString(tokens: Token[]): void {
    if (this.#collected.length > CONTENT_MAX) return;
    tokens.push({ kind: "string", opener: this.#opener, content: this.#collected });
  }

  #enter(state: State): void {
    this.#state = state;
    this.#collected = "";
  }
}

/** The token as a terminal takes it. */
export function formatToken(token: Token): string {
  switch (token.kind) {
    case "text":
    case "control":
      return token.text;
    case "escape":
      return ESC + token.between + token.final;
    case "csi":
      return `${ESC}[${token.prefix}${token.params}${token.between}${token.final}`;
    case "string":
      return `${ESC}${token.opener}${token.content}${ESC}\\`;
  }
}

function takeText(text: string, at: number, tokens: Token[]): number {
  CONTROL.lastIndex = at;
  const end = CONTROL.exec(text)?.index ?? text.length;
  if (end > at) tokens.push({ kind: "text", text: text.slice(at, end) });
  return end;
}

function isControl(character: string): boolean {
  return character < " " || (character >= "\u007f" && character <= "\u009f");
}
