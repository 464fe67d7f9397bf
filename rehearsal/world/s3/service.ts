import { MultipartUploads } from "./multipart";

/** Simple Storage Service: buckets are one namespace for all regions, objects lie on disk and are streamed. */
export class S3 extends MultipartUploads {}
