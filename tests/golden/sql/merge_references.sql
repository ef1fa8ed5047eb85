SELECT
  *
FROM (
  SELECT
    `t27`.`citing_id`,
    `t27`.`cited_id`,
    MIN(`t27`.`cited_kind`) AS `cited_kind`,
    MIN(`t27`.`cited_year`) AS `cited_year`,
    MIN(`t27`.`raw`) AS `raw`
  FROM (
    SELECT
      `t26`.`citing_id`,
      COALESCE(`t26`.`kept_id`, `t26`.`cited_id`) AS `cited_id`,
      `t26`.`cited_kind`,
      `t26`.`cited_year`,
      `t26`.`raw`,
      `t26`.`part`,
      `t26`.`place`,
      `t26`.`kind`,
      `t26`.`later`,
      `t26`.`here`,
      `t26`.`alias`,
      `t26`.`alias_right`,
      `t26`.`kept_id`
    FROM (
      SELECT
        `t23`.`citing_id`,
        `t23`.`cited_id`,
        `t23`.`cited_kind`,
        `t23`.`cited_year`,
        `t23`.`raw`,
        `t23`.`part`,
        `t23`.`place`,
        `t23`.`kind`,
        `t23`.`later`,
        `t23`.`here`,
        `t23`.`alias`,
        `t25`.`alias` AS `alias_right`,
        `t25`.`kept_id`
      FROM (
        SELECT
          `t19`.`citing_id`,
          `t19`.`cited_id`,
          `t19`.`cited_kind`,
          `t19`.`cited_year`,
          `t19`.`raw`,
          `t19`.`part`,
          `t19`.`place`,
          `t19`.`kind`,
          `t19`.`later`,
          `t19`.`here`,
          CASE
            WHEN STARTS_WITH(
              REGEXP_REPLACE(`t19`.`cited_id`, '^doi:10\\.48550/arxiv\\.|^arxiv:', 'arxiv:'),
              'arxiv:'
            )
            THEN REGEXP_REPLACE(
              REGEXP_REPLACE(`t19`.`cited_id`, '^doi:10\\.48550/arxiv\\.|^arxiv:', 'arxiv:'),
              'v\\d+\\z',
              ''
            )
            ELSE REGEXP_REPLACE(`t19`.`cited_id`, '^doi:10\\.48550/arxiv\\.|^arxiv:', 'arxiv:')
          END AS `alias`
        FROM (
          SELECT
            `t18`.*
            EXCEPT (`kept_id`, `own`, `part_right`)
          FROM (
            SELECT
              COALESCE(`t16`.`kept_id`, `t16`.`citing_id`) AS `citing_id`,
              `t16`.`cited_id`,
              `t16`.`cited_kind`,
              `t16`.`cited_year`,
              `t16`.`raw`,
              `t16`.`part`,
              `t16`.`part_right`,
              `t16`.`place`,
              `t16`.`kept_id`,
              `t16`.`kind`,
              `t16`.`own`,
              `t16`.`later`,
              `t16`.`here`
            FROM (
              SELECT
                `t11`.`citing_id`,
                `t11`.`cited_id`,
                `t11`.`cited_kind`,
                `t11`.`cited_year`,
                `t11`.`raw`,
                `t11`.`part`,
                `t14`.`part` AS `part_right`,
                `t14`.`place`,
                `t14`.`kept_id`,
                `t14`.`kind`,
                `t14`.`own`,
                `t14`.`later`,
                `t14`.`here`
              FROM (
                SELECT
                  *
                FROM (
                  SELECT
                    `t1`.`citing_id`,
                    `t1`.`cited_id`,
                    `t1`.`cited_kind`,
                    `t1`.`cited_year`,
                    `t1`.`raw`,
                    0 AS `part`
                  FROM `one_references` AS `t1`
                ) AS `t6`
                UNION ALL
                SELECT
                  *
                FROM (
                  SELECT
                    `t2`.`citing_id`,
                    `t2`.`cited_id`,
                    `t2`.`cited_kind`,
                    `t2`.`cited_year`,
                    `t2`.`raw`,
                    1 AS `part`
                  FROM `two_references` AS `t2`
                ) AS `t7`
              ) AS `t11`
              LEFT OUTER JOIN (
                SELECT
                  `t3`.`part`,
                  `t3`.`place`,
                  `t3`.`kept_id`,
                  `t3`.`kind`,
                  `t3`.`doc_id` AS `own`,
                  `t3`.`published` > `t3`.`kept_published` AS `later`,
                  COALESCE(`t3`.`office` = `t3`.`kept_office`, TRUE) AS `here`
                FROM `placed` AS `t3`
              ) AS `t14`
                ON `t11`.`part` = `t14`.`part` AND `t11`.`citing_id` = `t14`.`own`
            ) AS `t16`
          ) AS `t18`
        ) AS `t19`
        WHERE
          NOT (
            COALESCE(`t19`.`kind` = 'patent', FALSE) AND COALESCE(`t19`.`later`, FALSE)
          )
      ) AS `t23`
      LEFT OUTER JOIN (
        SELECT
          `t21`.`alias`,
          SPLIT(`t21`.`first`, '\x1f')[safe_offset(1)] AS `kept_id`
        FROM (
          SELECT
            `t20`.`alias`,
            MIN(`t20`.`marked`) AS `first`
          FROM (
            SELECT
              `t17`.`alias`,
              `t17`.`kept_id`,
              `t17`.`order`,
              CONCAT(CONCAT(`t17`.`order`, '\x1f'), `t17`.`kept_id`) AS `marked`
            FROM (
              SELECT
                *
              FROM (
                SELECT
                  `t13`.`key` AS `alias`,
                  `t5`.`kept_id`,
                  `t5`.`order`
                FROM (
                  SELECT
                    *
                  FROM `keys` AS `t4`
                  WHERE
                    `t4`.`rule` IN (0, 1, 2, 3, 7)
                ) AS `t13`
                INNER JOIN `kept` AS `t5`
                  ON `t13`.`node` = `t5`.`node`
              ) AS `t15`
              UNION ALL
              SELECT
                *
              FROM (
                SELECT
                  `t0`.`base` AS `alias`,
                  `t0`.`kept_id`,
                  `t0`.`order`
                FROM `kept` AS `t0`
                WHERE
                  `t0`.`base` IS NOT NULL
              ) AS `t8`
            ) AS `t17`
          ) AS `t20`
          GROUP BY
            1
        ) AS `t21`
      ) AS `t25`
        ON `t23`.`alias` = `t25`.`alias`
    ) AS `t26`
    WHERE
      `t26`.`citing_id` <> COALESCE(`t26`.`kept_id`, `t26`.`cited_id`)
  ) AS `t27`
  GROUP BY
    1,
    2
) AS `t28`
ORDER BY
  `t28`.`citing_id` ASC NULLS LAST,
  `t28`.`cited_id` ASC NULLS LAST
