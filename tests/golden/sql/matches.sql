WITH `t7` AS (
  SELECT
    `t0`.`doc_id`,
    `t0`.`track`,
    `t0`.`sub_direction`,
    `t0`.`kind`,
    `t0`.`term`,
    COALESCE(`t0`.`sub_direction`, '*') AS `scope`
  FROM `hits` AS `t0`
  WHERE
    `t0`.`kind` IN ('context_en', 'context_zh')
), `t8` AS (
  SELECT
    `t0`.`doc_id`,
    `t0`.`track`,
    `t0`.`sub_direction`,
    `t0`.`kind`,
    `t0`.`term`,
    COALESCE(`t0`.`sub_direction`, '*') AS `scope`
  FROM `hits` AS `t0`
  WHERE
    `t0`.`kind` IN ('broad_class')
), `t17` AS (
  SELECT
    *
  FROM (
    SELECT
      `t0`.`doc_id`,
      `t0`.`track`,
      `t0`.`sub_direction`,
      `t0`.`kind`,
      `t0`.`term`,
      COALESCE(`t0`.`sub_direction`, '*') AS `scope`
    FROM `hits` AS `t0`
    WHERE
      `t0`.`kind` IN ('keyword_en', 'keyword_zh')
  ) AS `t3`
  UNION ALL
  SELECT
    *
  FROM `t7` AS `t12`
), `t19` AS (
  SELECT
    *
  FROM (
    SELECT
      `t0`.`doc_id`,
      `t0`.`track`,
      `t0`.`sub_direction`,
      `t0`.`kind`,
      `t0`.`term`,
      COALESCE(`t0`.`sub_direction`, '*') AS `scope`
    FROM `hits` AS `t0`
    WHERE
      `t0`.`kind` IN ('core_class')
  ) AS `t6`
  UNION ALL
  SELECT
    *
  FROM `t8` AS `t13`
)
SELECT DISTINCT
  *
FROM (
  SELECT
    `t52`.`doc_id`,
    `t52`.`track`,
    `t52`.`sub_direction`,
    `t52`.`route`,
    `t52`.`term`
  FROM (
    SELECT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t0`.`doc_id`,
          `t0`.`track`,
          `t0`.`sub_direction`,
          `t0`.`term`,
          'keyword' AS `route`
        FROM `hits` AS `t0`
        WHERE
          `t0`.`kind` IN ('keyword_en', 'keyword_zh')
      ) AS `t2`
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          `t45`.`doc_id`,
          `t45`.`track`,
          `t45`.`sub_direction`,
          `t45`.`term`,
          'keyword' AS `route`
        FROM (
          SELECT DISTINCT
            *
          FROM (
            SELECT
              *
            FROM (
              SELECT
                `t14`.`doc_id`,
                `t14`.`track`,
                `t14`.`sub_direction`,
                `t14`.`kind`,
                `t14`.`term`,
                `t14`.`scope`
              FROM (
                SELECT
                  `t0`.`doc_id`,
                  `t0`.`track`,
                  `t0`.`sub_direction`,
                  `t0`.`kind`,
                  `t0`.`term`,
                  COALESCE(`t0`.`sub_direction`, '*') AS `scope`
                FROM `hits` AS `t0`
                WHERE
                  `t0`.`kind` IN ('context_en', 'context_zh')
                  AND COALESCE(`t0`.`sub_direction`, '*') = '*'
              ) AS `t14`
              WHERE
                EXISTS(
                  SELECT
                    1
                  FROM (
                    SELECT DISTINCT
                      `t21`.`doc_id`,
                      `t21`.`track`
                    FROM `t19` AS `t21`
                  ) AS `t29`
                  WHERE
                    `t14`.`doc_id` = `t29`.`doc_id` AND `t14`.`track` = `t29`.`track`
                )
            ) AS `t36`
            UNION ALL
            SELECT
              *
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  `t16`.`doc_id`,
                  `t16`.`track`,
                  `t16`.`sub_direction`,
                  `t16`.`kind`,
                  `t16`.`term`,
                  `t16`.`scope`
                FROM `t7` AS `t16`
                WHERE
                  EXISTS(
                    SELECT
                      1
                    FROM (
                      SELECT DISTINCT
                        `t21`.`doc_id`,
                        `t21`.`track`,
                        `t21`.`scope`
                      FROM `t19` AS `t21`
                    ) AS `t30`
                    WHERE
                      `t16`.`doc_id` = `t30`.`doc_id`
                      AND `t16`.`track` = `t30`.`track`
                      AND `t16`.`scope` = `t30`.`scope`
                  )
              ) AS `t37`
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  `t16`.`doc_id`,
                  `t16`.`track`,
                  `t16`.`sub_direction`,
                  `t16`.`kind`,
                  `t16`.`term`,
                  `t16`.`scope`
                FROM `t7` AS `t16`
                WHERE
                  EXISTS(
                    SELECT
                      1
                    FROM (
                      SELECT DISTINCT
                        `t21`.`doc_id`,
                        `t21`.`track`
                      FROM `t19` AS `t21`
                      WHERE
                        `t21`.`scope` = '*'
                    ) AS `t33`
                    WHERE
                      `t16`.`doc_id` = `t33`.`doc_id` AND `t16`.`track` = `t33`.`track`
                  )
              ) AS `t39`
            ) AS `t41`
          ) AS `t43`
        ) AS `t45`
      ) AS `t47`
    ) AS `t49`
    UNION ALL
    SELECT
      *
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t0`.`doc_id`,
          `t0`.`track`,
          `t0`.`sub_direction`,
          `t0`.`term`,
          'topic' AS `route`
        FROM `hits` AS `t0`
        WHERE
          `t0`.`kind` IN ('topic')
      ) AS `t4`
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          *
        FROM (
          SELECT
            `t0`.`doc_id`,
            `t0`.`track`,
            `t0`.`sub_direction`,
            `t0`.`term`,
            'class' AS `route`
          FROM `hits` AS `t0`
          WHERE
            `t0`.`kind` IN ('core_class')
        ) AS `t5`
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            `t44`.`doc_id`,
            `t44`.`track`,
            `t44`.`sub_direction`,
            `t44`.`term`,
            'class' AS `route`
          FROM (
            SELECT DISTINCT
              *
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  `t15`.`doc_id`,
                  `t15`.`track`,
                  `t15`.`sub_direction`,
                  `t15`.`kind`,
                  `t15`.`term`,
                  `t15`.`scope`
                FROM (
                  SELECT
                    `t0`.`doc_id`,
                    `t0`.`track`,
                    `t0`.`sub_direction`,
                    `t0`.`kind`,
                    `t0`.`term`,
                    COALESCE(`t0`.`sub_direction`, '*') AS `scope`
                  FROM `hits` AS `t0`
                  WHERE
                    `t0`.`kind` IN ('broad_class') AND COALESCE(`t0`.`sub_direction`, '*') = '*'
                ) AS `t15`
                WHERE
                  EXISTS(
                    SELECT
                      1
                    FROM (
                      SELECT DISTINCT
                        `t20`.`doc_id`,
                        `t20`.`track`
                      FROM `t17` AS `t20`
                    ) AS `t26`
                    WHERE
                      `t15`.`doc_id` = `t26`.`doc_id` AND `t15`.`track` = `t26`.`track`
                  )
              ) AS `t34`
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    `t18`.`doc_id`,
                    `t18`.`track`,
                    `t18`.`sub_direction`,
                    `t18`.`kind`,
                    `t18`.`term`,
                    `t18`.`scope`
                  FROM `t8` AS `t18`
                  WHERE
                    EXISTS(
                      SELECT
                        1
                      FROM (
                        SELECT DISTINCT
                          `t20`.`doc_id`,
                          `t20`.`track`,
                          `t20`.`scope`
                        FROM `t17` AS `t20`
                      ) AS `t27`
                      WHERE
                        `t18`.`doc_id` = `t27`.`doc_id`
                        AND `t18`.`track` = `t27`.`track`
                        AND `t18`.`scope` = `t27`.`scope`
                    )
                ) AS `t35`
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    `t18`.`doc_id`,
                    `t18`.`track`,
                    `t18`.`sub_direction`,
                    `t18`.`kind`,
                    `t18`.`term`,
                    `t18`.`scope`
                  FROM `t8` AS `t18`
                  WHERE
                    EXISTS(
                      SELECT
                        1
                      FROM (
                        SELECT DISTINCT
                          `t20`.`doc_id`,
                          `t20`.`track`
                        FROM `t17` AS `t20`
                        WHERE
                          `t20`.`scope` = '*'
                      ) AS `t32`
                      WHERE
                        `t18`.`doc_id` = `t32`.`doc_id` AND `t18`.`track` = `t32`.`track`
                    )
                ) AS `t38`
              ) AS `t40`
            ) AS `t42`
          ) AS `t44`
        ) AS `t46`
      ) AS `t48`
    ) AS `t50`
  ) AS `t52`
  WHERE
    NOT EXISTS(
      SELECT
        1
      FROM (
        SELECT DISTINCT
          `t0`.`doc_id`,
          `t0`.`track`
        FROM `hits` AS `t0`
        WHERE
          `t0`.`kind` IN ('exclude_class', 'exclude_en', 'exclude_zh')
      ) AS `t11`
      WHERE
        `t52`.`doc_id` = `t11`.`doc_id` AND `t52`.`track` = `t11`.`track`
    )
) AS `t53`
