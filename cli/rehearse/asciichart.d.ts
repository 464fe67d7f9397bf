declare module "asciichart" {
  export interface PlotConfig {
    height?: number;
    min?: number;
    max?: number;
    format?: (value: number) => string;
  }
  export function plot(series: readonly number[], config?: PlotConfig): string;
}
