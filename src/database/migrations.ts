import { CreateUsers1700000000001 } from './migrations/1700000000001-create-users.js';
import { CreateSessions1700000000002 } from './migrations/1700000000002-create-sessions.js';
import { CreateTokens1700000000003 } from './migrations/1700000000003-create-tokens.js';
import { CreateCatalog1700000000004 } from './migrations/1700000000004-create-catalog.js';
import { RotateSigningKeys1700000000005 } from './migrations/1700000000005-rotate-signing-keys.js';
import { AddAuthenticationTime1700000000006 } from './migrations/1700000000006-add-authentication-time.js';
import { CreateServiceClients1700000000007 } from './migrations/1700000000007-create-service-clients.js';
import { CreateDpopProofs1700000000008 } from './migrations/1700000000008-create-dpop-proofs.js';
import { OrderRevocations1700000000009 } from './migrations/1700000000009-order-revocations.js';
import { CreatePasswordResetTokens1700000000010 } from './migrations/1700000000010-create-password-reset-tokens.js';
import { AddSearch1700000000011 } from './migrations/1700000000011-add-search.js';
import { AddStockHistoryAndOldSlugs1700000000012 } from './migrations/1700000000012-add-stock-history-and-old-slugs.js';
import { CreateImports1700000000013 } from './migrations/1700000000013-create-imports.js';
import { BoundSearches1700000000014 } from './migrations/1700000000014-bound-searches.js';
import { KeepImportedStocks1700000000020 } from './migrations/1700000000020-keep-imported-stocks.js';
import { VerifyAddresses1700000000021 } from './migrations/1700000000021-verify-addresses.js';
import { AddSecondFactors1700000000022 } from './migrations/1700000000022-add-second-factors.js';
import { OpenSessionsAtOnce1700000000023 } from './migrations/1700000000023-open-sessions-at-once.js';
import { SplitAtEverySign1700000000024 } from './migrations/1700000000024-split-at-every-sign.js';
import { SearchTextOfMarkup1700000000025 } from './migrations/1700000000025-search-text-of-markup.js';
import { SortByFoldedTitles1700000000026 } from './migrations/1700000000026-sort-by-folded-titles.js';

/** Every migration, oldest first. */
export const migrations = [
  CreateUsers1700000000001,
  CreateSessions1700000000002,
  CreateTokens1700000000003,
  CreateCatalog1700000000004,
  RotateSigningKeys1700000000005,
  AddAuthenticationTime1700000000006,
  CreateServiceClients1700000000007,
  CreateDpopProofs1700000000008,
  OrderRevocations1700000000009,
  CreatePasswordResetTokens1700000000010,
  AddSearch1700000000011,
  AddStockHistoryAndOldSlugs1700000000012,
  CreateImports1700000000013,
  BoundSearches1700000000014,
  KeepImportedStocks1700000000020,
  VerifyAddresses1700000000021,
  AddSecondFactors1700000000022,
  OpenSessionsAtOnce1700000000023,
  SplitAtEverySign1700000000024,
  SearchTextOfMarkup1700000000025,
  SortByFoldedTitles1700000000026,
];
