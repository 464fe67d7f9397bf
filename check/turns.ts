/**
 * Lets so many through in each turn of the event loop, in the order they came. Pulumi's runtime does a whole program's
 * work between two turns, and nothing would be sent to another process before its end.
 */
export class Turns {
  private readonly waiting: Array<() => void> = [];
  private left: number;
  private isDue = false;

  constructor(private readonly perTurn: number) {
    this.left = perTurn;
  }

  next(): Promise<void> | undefined {
    if (!this.isDue) {
      this.isDue = true;
      setImmediate(() => this.begin());
    }
    if (this.left > 0) {
      this.left--;
      return undefined;
    }
    return new Promise((go) => this.waiting.push(go));
  }

  private begin(): void {
    this.isDue = this.waiting.length > 0;
    if (this.isDue) setImmediate(() => this.begin());
    const released = this.waiting.splice(0, this.perTurn);
    this.left = this.perTurn - released.length;
    for (const go of released) go();
  }
}
