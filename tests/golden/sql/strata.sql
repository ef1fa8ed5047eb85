WITH `t10` AS (
  SELECT
    `t1`.`doc_id`,
    `t1`.`track`,
    `t1`.`sub_direction`,
    `t1`.`kind`,
    `t1`.`term`,
    COALESCE(`t1`.`sub_direction`, '*') AS `scope`
  FROM `hits` AS `t1`
  WHERE
    `t1`.`kind` IN ('context_en', 'context_zh')
), `t11` AS (
  SELECT
    `t1`.`doc_id`,
    `t1`.`track`,
    `t1`.`sub_direction`,
    `t1`.`kind`,
    `t1`.`term`,
    COALESCE(`t1`.`sub_direction`, '*') AS `scope`
  FROM `hits` AS `t1`
  WHERE
    `t1`.`kind` IN ('broad_class')
), `t31` AS (
  SELECT
    *
  FROM (
    SELECT
      `t1`.`doc_id`,
      `t1`.`track`,
      `t1`.`sub_direction`,
      `t1`.`kind`,
      `t1`.`term`,
      COALESCE(`t1`.`sub_direction`, '*') AS `scope`
    FROM `hits` AS `t1`
    WHERE
      `t1`.`kind` IN ('keyword_en', 'keyword_zh')
  ) AS `t13`
  UNION ALL
  SELECT
    *
  FROM `t10` AS `t23`
), `t33` AS (
  SELECT
    *
  FROM (
    SELECT
      `t1`.`doc_id`,
      `t1`.`track`,
      `t1`.`sub_direction`,
      `t1`.`kind`,
      `t1`.`term`,
      COALESCE(`t1`.`sub_direction`, '*') AS `scope`
    FROM `hits` AS `t1`
    WHERE
      `t1`.`kind` IN ('core_class')
  ) AS `t12`
  UNION ALL
  SELECT
    *
  FROM `t11` AS `t24`
)
SELECT
  `t81`.`doc_id`,
  `t81`.`track`,
  CASE
    WHEN NOT (
      `t81`.`matched`
    )
    THEN 'near_miss'
    WHEN `t81`.`worded` AND (
      `t81`.`core` OR `t81`.`weak`
    )
    THEN 'class_and_keyword'
    WHEN `t81`.`worded`
    THEN 'keyword'
    WHEN `t81`.`core`
    THEN 'class'
    ELSE 'broad'
  END AS `stratum`
FROM (
  SELECT
    `t80`.`doc_id`,
    `t80`.`track`,
    LOGICAL_OR(`t80`.`mark` IN ('core_class', 'topic')) AS `core`,
    LOGICAL_OR(`t80`.`mark` IN ('keyword_en', 'keyword_zh')) AS `worded`,
    LOGICAL_OR(`t80`.`mark` IN ('weak')) AS `weak`,
    LOGICAL_OR(`t80`.`mark` IN ('matched')) AS `matched`
  FROM (
    SELECT
      `t79`.`doc_id`,
      `t79`.`track`,
      `t79`.`mark`
    FROM (
      SELECT
        *
      FROM (
        SELECT
          `t76`.`doc_id`,
          `t76`.`track`,
          'matched' AS `mark`
        FROM (
          SELECT DISTINCT
            *
          FROM (
            SELECT
              `t74`.`doc_id`,
              `t74`.`track`,
              `t74`.`sub_direction`,
              `t74`.`route`,
              `t74`.`term`
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    `t1`.`doc_id`,
                    `t1`.`track`,
                    `t1`.`sub_direction`,
                    `t1`.`term`,
                    'keyword' AS `route`
                  FROM `hits` AS `t1`
                  WHERE
                    `t1`.`kind` IN ('keyword_en', 'keyword_zh')
                ) AS `t4`
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    `t67`.`doc_id`,
                    `t67`.`track`,
                    `t67`.`sub_direction`,
                    `t67`.`term`,
                    'keyword' AS `route`
                  FROM (
                    SELECT DISTINCT
                      *
                    FROM (
                      SELECT
                        *
                      FROM (
                        SELECT
                          `t28`.`doc_id`,
                          `t28`.`track`,
                          `t28`.`sub_direction`,
                          `t28`.`kind`,
                          `t28`.`term`,
                          `t28`.`scope`
                        FROM (
                          SELECT
                            `t1`.`doc_id`,
                            `t1`.`track`,
                            `t1`.`sub_direction`,
                            `t1`.`kind`,
                            `t1`.`term`,
                            COALESCE(`t1`.`sub_direction`, '*') AS `scope`
                          FROM `hits` AS `t1`
                          WHERE
                            `t1`.`kind` IN ('context_en', 'context_zh')
                            AND COALESCE(`t1`.`sub_direction`, '*') = '*'
                        ) AS `t28`
                        WHERE
                          EXISTS(
                            SELECT
                              1
                            FROM (
                              SELECT DISTINCT
                                `t35`.`doc_id`,
                                `t35`.`track`
                              FROM `t33` AS `t35`
                            ) AS `t46`
                            WHERE
                              `t28`.`doc_id` = `t46`.`doc_id` AND `t28`.`track` = `t46`.`track`
                          )
                      ) AS `t56`
                      UNION ALL
                      SELECT
                        *
                      FROM (
                        SELECT
                          *
                        FROM (
                          SELECT
                            `t30`.`doc_id`,
                            `t30`.`track`,
                            `t30`.`sub_direction`,
                            `t30`.`kind`,
                            `t30`.`term`,
                            `t30`.`scope`
                          FROM `t10` AS `t30`
                          WHERE
                            EXISTS(
                              SELECT
                                1
                              FROM (
                                SELECT DISTINCT
                                  `t35`.`doc_id`,
                                  `t35`.`track`,
                                  `t35`.`scope`
                                FROM `t33` AS `t35`
                              ) AS `t47`
                              WHERE
                                `t30`.`doc_id` = `t47`.`doc_id`
                                AND `t30`.`track` = `t47`.`track`
                                AND `t30`.`scope` = `t47`.`scope`
                            )
                        ) AS `t57`
                        UNION ALL
                        SELECT
                          *
                        FROM (
                          SELECT
                            `t30`.`doc_id`,
                            `t30`.`track`,
                            `t30`.`sub_direction`,
                            `t30`.`kind`,
                            `t30`.`term`,
                            `t30`.`scope`
                          FROM `t10` AS `t30`
                          WHERE
                            EXISTS(
                              SELECT
                                1
                              FROM (
                                SELECT DISTINCT
                                  `t35`.`doc_id`,
                                  `t35`.`track`
                                FROM `t33` AS `t35`
                                WHERE
                                  `t35`.`scope` = '*'
                              ) AS `t51`
                              WHERE
                                `t30`.`doc_id` = `t51`.`doc_id` AND `t30`.`track` = `t51`.`track`
                            )
                        ) AS `t59`
                      ) AS `t62`
                    ) AS `t65`
                  ) AS `t67`
                ) AS `t69`
              ) AS `t71`
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    `t1`.`doc_id`,
                    `t1`.`track`,
                    `t1`.`sub_direction`,
                    `t1`.`term`,
                    'topic' AS `route`
                  FROM `hits` AS `t1`
                  WHERE
                    `t1`.`kind` IN ('topic')
                ) AS `t5`
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    *
                  FROM (
                    SELECT
                      `t1`.`doc_id`,
                      `t1`.`track`,
                      `t1`.`sub_direction`,
                      `t1`.`term`,
                      'class' AS `route`
                    FROM `hits` AS `t1`
                    WHERE
                      `t1`.`kind` IN ('core_class')
                  ) AS `t6`
                  UNION ALL
                  SELECT
                    *
                  FROM (
                    SELECT
                      `t66`.`doc_id`,
                      `t66`.`track`,
                      `t66`.`sub_direction`,
                      `t66`.`term`,
                      'class' AS `route`
                    FROM (
                      SELECT DISTINCT
                        *
                      FROM (
                        SELECT
                          *
                        FROM (
                          SELECT
                            `t29`.`doc_id`,
                            `t29`.`track`,
                            `t29`.`sub_direction`,
                            `t29`.`kind`,
                            `t29`.`term`,
                            `t29`.`scope`
                          FROM (
                            SELECT
                              `t1`.`doc_id`,
                              `t1`.`track`,
                              `t1`.`sub_direction`,
                              `t1`.`kind`,
                              `t1`.`term`,
                              COALESCE(`t1`.`sub_direction`, '*') AS `scope`
                            FROM `hits` AS `t1`
                            WHERE
                              `t1`.`kind` IN ('broad_class') AND COALESCE(`t1`.`sub_direction`, '*') = '*'
                          ) AS `t29`
                          WHERE
                            EXISTS(
                              SELECT
                                1
                              FROM (
                                SELECT DISTINCT
                                  `t34`.`doc_id`,
                                  `t34`.`track`
                                FROM `t31` AS `t34`
                              ) AS `t43`
                              WHERE
                                `t29`.`doc_id` = `t43`.`doc_id` AND `t29`.`track` = `t43`.`track`
                            )
                        ) AS `t54`
                        UNION ALL
                        SELECT
                          *
                        FROM (
                          SELECT
                            *
                          FROM (
                            SELECT
                              `t32`.`doc_id`,
                              `t32`.`track`,
                              `t32`.`sub_direction`,
                              `t32`.`kind`,
                              `t32`.`term`,
                              `t32`.`scope`
                            FROM `t11` AS `t32`
                            WHERE
                              EXISTS(
                                SELECT
                                  1
                                FROM (
                                  SELECT DISTINCT
                                    `t34`.`doc_id`,
                                    `t34`.`track`,
                                    `t34`.`scope`
                                  FROM `t31` AS `t34`
                                ) AS `t44`
                                WHERE
                                  `t32`.`doc_id` = `t44`.`doc_id`
                                  AND `t32`.`track` = `t44`.`track`
                                  AND `t32`.`scope` = `t44`.`scope`
                              )
                          ) AS `t55`
                          UNION ALL
                          SELECT
                            *
                          FROM (
                            SELECT
                              `t32`.`doc_id`,
                              `t32`.`track`,
                              `t32`.`sub_direction`,
                              `t32`.`kind`,
                              `t32`.`term`,
                              `t32`.`scope`
                            FROM `t11` AS `t32`
                            WHERE
                              EXISTS(
                                SELECT
                                  1
                                FROM (
                                  SELECT DISTINCT
                                    `t34`.`doc_id`,
                                    `t34`.`track`
                                  FROM `t31` AS `t34`
                                  WHERE
                                    `t34`.`scope` = '*'
                                ) AS `t50`
                                WHERE
                                  `t32`.`doc_id` = `t50`.`doc_id` AND `t32`.`track` = `t50`.`track`
                              )
                          ) AS `t58`
                        ) AS `t61`
                      ) AS `t64`
                    ) AS `t66`
                  ) AS `t68`
                ) AS `t70`
              ) AS `t72`
            ) AS `t74`
            WHERE
              NOT EXISTS(
                SELECT
                  1
                FROM (
                  SELECT DISTINCT
                    `t1`.`doc_id`,
                    `t1`.`track`
                  FROM `hits` AS `t1`
                  WHERE
                    `t1`.`kind` IN ('exclude_class', 'exclude_en', 'exclude_zh')
                ) AS `t15`
                WHERE
                  `t74`.`doc_id` = `t15`.`doc_id` AND `t74`.`track` = `t15`.`track`
              )
          ) AS `t75`
        ) AS `t76`
      ) AS `t77`
      UNION ALL
      SELECT
        *
      FROM (
        SELECT
          *
        FROM (
          SELECT
            `t1`.`doc_id`,
            `t1`.`track`,
            `t1`.`kind` AS `mark`
          FROM `hits` AS `t1`
        ) AS `t2`
        UNION ALL
        SELECT
          *
        FROM (
          SELECT
            `t53`.`doc_id`,
            `t53`.`track`,
            'weak' AS `mark`
          FROM (
            SELECT DISTINCT
              *
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  `t26`.`doc_id`,
                  `t26`.`track`,
                  `t26`.`sub_direction`,
                  `t26`.`kind`,
                  `t26`.`term`,
                  `t26`.`scope`
                FROM (
                  SELECT
                    `t1`.`doc_id`,
                    `t1`.`track`,
                    `t1`.`sub_direction`,
                    `t1`.`kind`,
                    `t1`.`term`,
                    COALESCE(`t1`.`sub_direction`, '*') AS `scope`
                  FROM `hits` AS `t1`
                  WHERE
                    `t1`.`kind` = 'broad_class' AND COALESCE(`t1`.`sub_direction`, '*') = '*'
                ) AS `t26`
                WHERE
                  EXISTS(
                    SELECT
                      1
                    FROM (
                      SELECT DISTINCT
                        `t1`.`doc_id`,
                        `t1`.`track`
                      FROM `hits` AS `t1`
                      WHERE
                        `t1`.`kind` IN ('context_en', 'context_zh')
                    ) AS `t16`
                    WHERE
                      `t26`.`doc_id` = `t16`.`doc_id` AND `t26`.`track` = `t16`.`track`
                  )
              ) AS `t41`
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    `t21`.`doc_id`,
                    `t21`.`track`,
                    `t21`.`sub_direction`,
                    `t21`.`kind`,
                    `t21`.`term`,
                    `t21`.`scope`
                  FROM (
                    SELECT
                      `t1`.`doc_id`,
                      `t1`.`track`,
                      `t1`.`sub_direction`,
                      `t1`.`kind`,
                      `t1`.`term`,
                      COALESCE(`t1`.`sub_direction`, '*') AS `scope`
                    FROM `hits` AS `t1`
                    WHERE
                      `t1`.`kind` = 'broad_class'
                  ) AS `t21`
                  WHERE
                    EXISTS(
                      SELECT
                        1
                      FROM (
                        SELECT DISTINCT
                          `t1`.`doc_id`,
                          `t1`.`track`,
                          COALESCE(`t1`.`sub_direction`, '*') AS `scope`
                        FROM `hits` AS `t1`
                        WHERE
                          `t1`.`kind` IN ('context_en', 'context_zh')
                      ) AS `t22`
                      WHERE
                        `t21`.`doc_id` = `t22`.`doc_id`
                        AND `t21`.`track` = `t22`.`track`
                        AND `t21`.`scope` = `t22`.`scope`
                    )
                ) AS `t36`
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    `t21`.`doc_id`,
                    `t21`.`track`,
                    `t21`.`sub_direction`,
                    `t21`.`kind`,
                    `t21`.`term`,
                    `t21`.`scope`
                  FROM (
                    SELECT
                      `t1`.`doc_id`,
                      `t1`.`track`,
                      `t1`.`sub_direction`,
                      `t1`.`kind`,
                      `t1`.`term`,
                      COALESCE(`t1`.`sub_direction`, '*') AS `scope`
                    FROM `hits` AS `t1`
                    WHERE
                      `t1`.`kind` = 'broad_class'
                  ) AS `t21`
                  WHERE
                    EXISTS(
                      SELECT
                        1
                      FROM (
                        SELECT DISTINCT
                          `t1`.`doc_id`,
                          `t1`.`track`
                        FROM `hits` AS `t1`
                        WHERE
                          `t1`.`kind` IN ('context_en', 'context_zh')
                          AND COALESCE(`t1`.`sub_direction`, '*') = '*'
                      ) AS `t27`
                      WHERE
                        `t21`.`doc_id` = `t27`.`doc_id` AND `t21`.`track` = `t27`.`track`
                    )
                ) AS `t42`
              ) AS `t49`
            ) AS `t52`
          ) AS `t53`
        ) AS `t60`
      ) AS `t63`
    ) AS `t79`
    WHERE
      EXISTS(
        SELECT
          1
        FROM (
          SELECT
            `t0`.`doc_id`
          FROM `documents` AS `t0`
          WHERE
            COALESCE(`t0`.`status`, '') <> 'withdrawn'
        ) AS `t25`
        WHERE
          `t79`.`doc_id` = `t25`.`doc_id`
      )
  ) AS `t80`
  GROUP BY
    1,
    2
) AS `t81`
