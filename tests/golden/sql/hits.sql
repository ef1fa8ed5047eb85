WITH `t10` AS (
  SELECT
    `t3`.`doc_id`,
    `t3`.`text_zh` AS `text`
  FROM `search_text` AS `t3`
  WHERE
    `t3`.`text_zh` IS NOT NULL
), `t18` AS (
  SELECT
    `t3`.`doc_id`,
    `t3`.`text_en`,
    SPLIT(LOWER(`t3`.`text_en`), ' ') AS `words`
  FROM `search_text` AS `t3`
)
SELECT
  *
FROM (
  SELECT DISTINCT
    *
  FROM (
    SELECT
      `t28`.`doc_id`,
      `t29`.`track`,
      `t29`.`sub_direction`,
      `t29`.`kind`,
      `t29`.`term`
    FROM (
      SELECT
        `t0`.`doc_id`,
        LOWER(
          TRANSLATE(
            IF(
              REGEXP_CONTAINS(`t0`.`code`, '([^/]*)\\z'),
              IF(
                1 = 0,
                REGEXP_REPLACE(`t0`.`code`, CONCAT('.*?', CONCAT('(', '([^/]*)\\z', ')'), '.*'), '\\1'),
                REGEXP_REPLACE(`t0`.`code`, CONCAT('.*?', '([^/]*)\\z', '.*'), CONCAT('\\', CAST(1 AS STRING)))
              ),
              NULL
            ),
            'Σİ',
            'σi'
          )
        ) AS `topic`
      FROM `classes` AS `t0`
      WHERE
        `t0`.`scheme` = 'openalex_topic'
    ) AS `t28`
    INNER JOIN (
      SELECT
        `t1`.`track`,
        `t1`.`sub_direction`,
        `t1`.`kind`,
        `t1`.`term`,
        LOWER(
          TRANSLATE(
            IF(
              REGEXP_CONTAINS(`t1`.`term`, '([^/]*)\\z'),
              IF(
                1 = 0,
                REGEXP_REPLACE(`t1`.`term`, CONCAT('.*?', CONCAT('(', '([^/]*)\\z', ')'), '.*'), '\\1'),
                REGEXP_REPLACE(`t1`.`term`, CONCAT('.*?', '([^/]*)\\z', '.*'), CONCAT('\\', CAST(1 AS STRING)))
              ),
              NULL
            ),
            'Σİ',
            'σi'
          )
        ) AS `topic`
      FROM `terms` AS `t1`
      WHERE
        `t1`.`kind` = 'topic'
    ) AS `t29`
      ON `t28`.`topic` = `t29`.`topic`
  ) AS `t34`
) AS `t37`
UNION ALL
SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      `t57`.`doc_id`,
      `t15`.`track`,
      `t15`.`sub_direction`,
      `t15`.`kind`,
      `t57`.`term`
    FROM (
      SELECT DISTINCT
        *
      FROM (
        SELECT
          `t14`.`doc_id`,
          `t50`.`term`
        FROM (
          SELECT
            `t0`.`doc_id`,
            `t0`.`code`
          FROM `classes` AS `t0`
          WHERE
            `t0`.`scheme` IN ('cpc', 'ipc')
        ) AS `t14`
        INNER JOIN (
          SELECT
            `t44`.`code`,
            `t5`.`term`
          FROM (
            SELECT
              *
            FROM (
              SELECT
                `t31`.`code`,
                `t31`.`end`,
                SUBSTRING(`t31`.`code`, IF((
                  0 + 1
                ) >= 1, 0 + 1, 0 + 1 + LENGTH(`t31`.`code`)), `t31`.`end`) AS `prefix`
              FROM (
                SELECT
                  `t7`.`code`,
                  IF(pos = pos_2, `end`, NULL) AS `end`
                FROM (
                  SELECT DISTINCT
                    `t0`.`code`
                  FROM `classes` AS `t0`
                  WHERE
                    `t0`.`scheme` IN ('cpc', 'ipc')
                ) AS `t7`
                CROSS JOIN UNNEST(GENERATE_ARRAY(
                  0,
                  GREATEST(
                    ARRAY_LENGTH(
                      IF(
                        NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN((
                          LENGTH(`t7`.`code`) + 1
                        ) - 1),
                        ARRAY(
                          SELECT
                            ibis_bq_arr_range_0
                          FROM UNNEST(GENERATE_ARRAY(1, LENGTH(`t7`.`code`) + 1, 1)) AS ibis_bq_arr_range_0
                          WHERE
                            ibis_bq_arr_range_0 <> (
                              LENGTH(`t7`.`code`) + 1
                            )
                        ),
                        []
                      )
                    )
                  ) - 1
                )) AS pos
                CROSS JOIN UNNEST(IF(
                  NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN((
                    LENGTH(`t7`.`code`) + 1
                  ) - 1),
                  ARRAY(
                    SELECT
                      ibis_bq_arr_range_0
                    FROM UNNEST(GENERATE_ARRAY(1, LENGTH(`t7`.`code`) + 1, 1)) AS ibis_bq_arr_range_0
                    WHERE
                      ibis_bq_arr_range_0 <> (
                        LENGTH(`t7`.`code`) + 1
                      )
                  ),
                  []
                )) AS `end` WITH OFFSET AS pos_2
                WHERE
                  pos = pos_2
                  OR (
                    pos > (
                      ARRAY_LENGTH(
                        IF(
                          NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN((
                            LENGTH(`t7`.`code`) + 1
                          ) - 1),
                          ARRAY(
                            SELECT
                              ibis_bq_arr_range_0
                            FROM UNNEST(GENERATE_ARRAY(1, LENGTH(`t7`.`code`) + 1, 1)) AS ibis_bq_arr_range_0
                            WHERE
                              ibis_bq_arr_range_0 <> (
                                LENGTH(`t7`.`code`) + 1
                              )
                          ),
                          []
                        )
                      ) - 1
                    )
                    AND pos_2 = (
                      ARRAY_LENGTH(
                        IF(
                          NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN((
                            LENGTH(`t7`.`code`) + 1
                          ) - 1),
                          ARRAY(
                            SELECT
                              ibis_bq_arr_range_0
                            FROM UNNEST(GENERATE_ARRAY(1, LENGTH(`t7`.`code`) + 1, 1)) AS ibis_bq_arr_range_0
                            WHERE
                              ibis_bq_arr_range_0 <> (
                                LENGTH(`t7`.`code`) + 1
                              )
                          ),
                          []
                        )
                      ) - 1
                    )
                  )
              ) AS `t31`
            ) AS `t36`
            WHERE
              (
                `t36`.`end` <= 4
              )
              OR (
                INSTR(`t36`.`prefix`, '/') > 0
              )
              OR (
                `t36`.`prefix` = SPLIT(`t36`.`code`, '/')[safe_offset(0)]
              )
          ) AS `t44`
          INNER JOIN `prefixes` AS `t5`
            ON `t44`.`prefix` = `t5`.`prefix`
        ) AS `t50`
          ON `t14`.`code` = `t50`.`code`
      ) AS `t53`
    ) AS `t57`
    INNER JOIN (
      SELECT
        *
      FROM `terms` AS `t1`
      WHERE
        `t1`.`kind` IN ('core_class', 'broad_class', 'exclude_class')
    ) AS `t15`
      ON `t57`.`term` = `t15`.`term`
  ) AS `t61`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      `t62`.`doc_id`,
      `t16`.`track`,
      `t16`.`sub_direction`,
      `t16`.`kind`,
      `t62`.`term`
    FROM (
      SELECT DISTINCT
        *
      FROM (
        SELECT
          *
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t39`.`doc_id`,
              `t39`.`term`
            FROM (
              SELECT
                `t32`.`doc_id`,
                `t32`.`text_en`,
                `t32`.`key`,
                `t21`.`term`,
                `t21`.`script`,
                `t21`.`form`,
                `t21`.`cased`,
                `t21`.`size`
              FROM (
                SELECT
                  `t26`.`doc_id`,
                  `t26`.`text_en`,
                  IF(pos = pos_2, `key`, NULL) AS `key`
                FROM `t18` AS `t26`
                CROSS JOIN UNNEST(GENERATE_ARRAY(0, GREATEST(ARRAY_LENGTH(`t26`.`words`)) - 1)) AS pos
                CROSS JOIN UNNEST(`t26`.`words`) AS `key` WITH OFFSET AS pos_2
                WHERE
                  pos = pos_2
                  OR (
                    pos > (
                      ARRAY_LENGTH(`t26`.`words`) - 1
                    )
                    AND pos_2 = (
                      ARRAY_LENGTH(`t26`.`words`) - 1
                    )
                  )
              ) AS `t32`
              INNER JOIN (
                SELECT
                  *
                FROM `forms` AS `t4`
                WHERE
                  `t4`.`script` = 'latin' AND `t4`.`size` < 2
              ) AS `t21`
                ON `t32`.`key` = `t21`.`key`
            ) AS `t39`
            WHERE
              (
                (
                  `t39`.`size` <= 2
                ) AND NOT (
                  `t39`.`cased`
                )
              )
              OR (
                INSTR(IF(`t39`.`cased`, `t39`.`text_en`, LOWER(`t39`.`text_en`)), `t39`.`form`) > 0
              )
          ) AS `t45`
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              `t47`.`doc_id`,
              `t47`.`term`
            FROM (
              SELECT
                `t41`.`doc_id`,
                `t41`.`text_en`,
                `t41`.`key`,
                `t22`.`term`,
                `t22`.`script`,
                `t22`.`form`,
                `t22`.`cased`,
                `t22`.`size`
              FROM (
                SELECT
                  `t35`.`doc_id`,
                  `t35`.`text_en`,
                  CONCAT(
                    CONCAT(`t35`.`words`[safe_offset(`t35`.`at`)], ' '),
                    `t35`.`words`[safe_offset(`t35`.`at` + 1)]
                  ) AS `key`
                FROM (
                  SELECT
                    `t26`.`doc_id`,
                    `t26`.`text_en`,
                    `t26`.`words`,
                    IF(pos = pos_2, `at`, NULL) AS `at`
                  FROM `t18` AS `t26`
                  CROSS JOIN UNNEST(GENERATE_ARRAY(
                    0,
                    GREATEST(
                      ARRAY_LENGTH(
                        IF(
                          NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN(ARRAY_LENGTH(`t26`.`words`) - 1 - 0),
                          ARRAY(
                            SELECT
                              ibis_bq_arr_range_1
                            FROM UNNEST(GENERATE_ARRAY(0, ARRAY_LENGTH(`t26`.`words`) - 1, 1)) AS ibis_bq_arr_range_1
                            WHERE
                              ibis_bq_arr_range_1 <> (
                                ARRAY_LENGTH(`t26`.`words`) - 1
                              )
                          ),
                          []
                        )
                      )
                    ) - 1
                  )) AS pos
                  CROSS JOIN UNNEST(IF(
                    NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN(ARRAY_LENGTH(`t26`.`words`) - 1 - 0),
                    ARRAY(
                      SELECT
                        ibis_bq_arr_range_1
                      FROM UNNEST(GENERATE_ARRAY(0, ARRAY_LENGTH(`t26`.`words`) - 1, 1)) AS ibis_bq_arr_range_1
                      WHERE
                        ibis_bq_arr_range_1 <> (
                          ARRAY_LENGTH(`t26`.`words`) - 1
                        )
                    ),
                    []
                  )) AS `at` WITH OFFSET AS pos_2
                  WHERE
                    pos = pos_2
                    OR (
                      pos > (
                        ARRAY_LENGTH(
                          IF(
                            NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN(ARRAY_LENGTH(`t26`.`words`) - 1 - 0),
                            ARRAY(
                              SELECT
                                ibis_bq_arr_range_1
                              FROM UNNEST(GENERATE_ARRAY(0, ARRAY_LENGTH(`t26`.`words`) - 1, 1)) AS ibis_bq_arr_range_1
                              WHERE
                                ibis_bq_arr_range_1 <> (
                                  ARRAY_LENGTH(`t26`.`words`) - 1
                                )
                            ),
                            []
                          )
                        ) - 1
                      )
                      AND pos_2 = (
                        ARRAY_LENGTH(
                          IF(
                            NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN(ARRAY_LENGTH(`t26`.`words`) - 1 - 0),
                            ARRAY(
                              SELECT
                                ibis_bq_arr_range_1
                              FROM UNNEST(GENERATE_ARRAY(0, ARRAY_LENGTH(`t26`.`words`) - 1, 1)) AS ibis_bq_arr_range_1
                              WHERE
                                ibis_bq_arr_range_1 <> (
                                  ARRAY_LENGTH(`t26`.`words`) - 1
                                )
                            ),
                            []
                          )
                        ) - 1
                      )
                    )
                ) AS `t35`
              ) AS `t41`
              INNER JOIN (
                SELECT
                  *
                FROM `forms` AS `t4`
                WHERE
                  `t4`.`script` = 'latin' AND `t4`.`size` >= 2
              ) AS `t22`
                ON `t41`.`key` = `t22`.`key`
            ) AS `t47`
            WHERE
              (
                (
                  `t47`.`size` <= 2
                ) AND NOT (
                  `t47`.`cased`
                )
              )
              OR (
                INSTR(IF(`t47`.`cased`, `t47`.`text_en`, LOWER(`t47`.`text_en`)), `t47`.`form`) > 0
              )
          ) AS `t52`
        ) AS `t54`
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t51`.`doc_id`,
              `t51`.`term`
            FROM (
              SELECT
                `t48`.`doc_id`,
                `t48`.`text`,
                `t48`.`at`,
                `t48`.`key`,
                `t19`.`term`,
                `t19`.`script`,
                `t19`.`form`,
                `t19`.`cased`,
                `t19`.`size`
              FROM (
                SELECT
                  `t43`.`doc_id`,
                  `t43`.`text`,
                  `t43`.`at`,
                  SUBSTRING(
                    `t43`.`text`,
                    IF((
                      `t43`.`at` + 1
                    ) >= 1, `t43`.`at` + 1, `t43`.`at` + 1 + LENGTH(`t43`.`text`)),
                    2
                  ) AS `key`
                FROM (
                  SELECT
                    `t38`.`doc_id`,
                    `t38`.`text`,
                    IF(pos = pos_2, `at`, NULL) AS `at`
                  FROM (
                    SELECT
                      `t17`.`doc_id`,
                      IF(pos = pos_2, `text`, NULL) AS `text`
                    FROM `t10` AS `t17`
                    CROSS JOIN UNNEST(GENERATE_ARRAY(
                      0,
                      GREATEST(
                        ARRAY_LENGTH(
                          SPLIT(
                            REPLACE(REPLACE(REPLACE(REPLACE(`t17`.`text`, '。', ','), ';', ','), '、', ','), '|', ','),
                            ','
                          )
                        )
                      ) - 1
                    )) AS pos
                    CROSS JOIN UNNEST(SPLIT(
                      REPLACE(REPLACE(REPLACE(REPLACE(`t17`.`text`, '。', ','), ';', ','), '、', ','), '|', ','),
                      ','
                    )) AS `text` WITH OFFSET AS pos_2
                    WHERE
                      pos = pos_2
                      OR (
                        pos > (
                          ARRAY_LENGTH(
                            SPLIT(
                              REPLACE(REPLACE(REPLACE(REPLACE(`t17`.`text`, '。', ','), ';', ','), '、', ','), '|', ','),
                              ','
                            )
                          ) - 1
                        )
                        AND pos_2 = (
                          ARRAY_LENGTH(
                            SPLIT(
                              REPLACE(REPLACE(REPLACE(REPLACE(`t17`.`text`, '。', ','), ';', ','), '、', ','), '|', ','),
                              ','
                            )
                          ) - 1
                        )
                      )
                  ) AS `t38`
                  CROSS JOIN UNNEST(GENERATE_ARRAY(
                    0,
                    GREATEST(
                      ARRAY_LENGTH(
                        IF(
                          NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN(LENGTH(`t38`.`text`) - 1 - 0),
                          ARRAY(
                            SELECT
                              ibis_bq_arr_range_2
                            FROM UNNEST(GENERATE_ARRAY(0, LENGTH(`t38`.`text`) - 1, 1)) AS ibis_bq_arr_range_2
                            WHERE
                              ibis_bq_arr_range_2 <> (
                                LENGTH(`t38`.`text`) - 1
                              )
                          ),
                          []
                        )
                      )
                    ) - 1
                  )) AS pos
                  CROSS JOIN UNNEST(IF(
                    NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN(LENGTH(`t38`.`text`) - 1 - 0),
                    ARRAY(
                      SELECT
                        ibis_bq_arr_range_2
                      FROM UNNEST(GENERATE_ARRAY(0, LENGTH(`t38`.`text`) - 1, 1)) AS ibis_bq_arr_range_2
                      WHERE
                        ibis_bq_arr_range_2 <> (
                          LENGTH(`t38`.`text`) - 1
                        )
                    ),
                    []
                  )) AS `at` WITH OFFSET AS pos_2
                  WHERE
                    pos = pos_2
                    OR (
                      pos > (
                        ARRAY_LENGTH(
                          IF(
                            NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN(LENGTH(`t38`.`text`) - 1 - 0),
                            ARRAY(
                              SELECT
                                ibis_bq_arr_range_2
                              FROM UNNEST(GENERATE_ARRAY(0, LENGTH(`t38`.`text`) - 1, 1)) AS ibis_bq_arr_range_2
                              WHERE
                                ibis_bq_arr_range_2 <> (
                                  LENGTH(`t38`.`text`) - 1
                                )
                            ),
                            []
                          )
                        ) - 1
                      )
                      AND pos_2 = (
                        ARRAY_LENGTH(
                          IF(
                            NOT NULLIF(1, 0) IS NULL AND SIGN(1) = SIGN(LENGTH(`t38`.`text`) - 1 - 0),
                            ARRAY(
                              SELECT
                                ibis_bq_arr_range_2
                              FROM UNNEST(GENERATE_ARRAY(0, LENGTH(`t38`.`text`) - 1, 1)) AS ibis_bq_arr_range_2
                              WHERE
                                ibis_bq_arr_range_2 <> (
                                  LENGTH(`t38`.`text`) - 1
                                )
                            ),
                            []
                          )
                        ) - 1
                      )
                    )
                ) AS `t43`
              ) AS `t48`
              INNER JOIN (
                SELECT
                  *
                FROM `forms` AS `t4`
                WHERE
                  `t4`.`script` = 'han'
              ) AS `t19`
                ON `t48`.`key` = `t19`.`key`
            ) AS `t51`
            WHERE
              (
                `t51`.`size` = 2
              ) OR (
                INSTR(`t51`.`text`, `t51`.`form`) > 0
              )
          ) AS `t56`
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              `t25`.`doc_id`,
              `t27`.`term`
            FROM `t10` AS `t25`
            INNER JOIN (
              SELECT
                *
              FROM `forms` AS `t4`
              WHERE
                `t4`.`script` = 'han' AND COALESCE(`t4`.`key`, '') = ''
            ) AS `t27`
              ON INSTR(`t25`.`text`, `t27`.`form`) > 0
          ) AS `t33`
        ) AS `t58`
      ) AS `t59`
    ) AS `t62`
    INNER JOIN (
      SELECT
        *
      FROM `terms` AS `t1`
      WHERE
        `t1`.`kind` IN (
          'keyword_en',
          'keyword_zh',
          'context_en',
          'context_zh',
          'exclude_en',
          'exclude_zh'
        )
    ) AS `t16`
      ON `t62`.`term` = `t16`.`term`
  ) AS `t63`
) AS `t64`
