WITH `t4` AS (
  SELECT
    `t3`.`base`,
    COUNT(DISTINCT `t3`.`code`) AS `codes`,
    LOGICAL_OR(`t3`.`code` IS NULL) AS `unknown`,
    LOGICAL_OR(`t3`.`one`) AS `one`
  FROM (
    SELECT
      `t0`.`node`,
      `t0`.`part`,
      `t0`.`doc_id`,
      `t0`.`kind`,
      `t0`.`order`,
      `t0`.`office`,
      `t0`.`published`,
      `t0`.`filed`,
      `t0`.`base`,
      `t0`.`code`,
      `t0`.`grant`,
      `t0`.`fixed`,
      `t0`.`preprint`,
      `t0`.`title`,
      `t0`.`name`,
      SUBSTRING(`t0`.`base`, IF((
        0 + 1
      ) >= 1, 0 + 1, 0 + 1 + LENGTH(`t0`.`base`)), 2) IN ('CN', 'EP', 'WO')
      OR (
        (
          SUBSTRING(`t0`.`base`, IF((
            0 + 1
          ) >= 1, 0 + 1, 0 + 1 + LENGTH(`t0`.`base`)), 2) = 'US'
        )
        AND (
          LENGTH(`t0`.`base`) >= 12
        )
      ) AS `one`
    FROM `nodes` AS `t0`
    WHERE
      `t0`.`base` IS NOT NULL
  ) AS `t3`
  GROUP BY
    1
)
SELECT
  *
FROM (
  SELECT DISTINCT
    `t18`.`a`,
    `t18`.`node` AS `b`,
    4 AS `rule`
  FROM (
    SELECT
      `t2`.`node`,
      `t2`.`base`,
      `t16`.`a`,
      `t16`.`n`
    FROM (
      SELECT
        `t0`.`node`,
        `t0`.`base`
      FROM `nodes` AS `t0`
      WHERE
        `t0`.`base` IS NOT NULL
    ) AS `t2`
    INNER JOIN (
      SELECT
        *
      FROM (
        SELECT
          `t10`.`base`,
          MIN(`t10`.`node`) AS `a`,
          COUNT(DISTINCT `t10`.`node`) AS `n`
        FROM (
          SELECT
            `t2`.`node`,
            `t2`.`base`
          FROM (
            SELECT
              `t0`.`node`,
              `t0`.`base`
            FROM `nodes` AS `t0`
            WHERE
              `t0`.`base` IS NOT NULL
          ) AS `t2`
          WHERE
            EXISTS(
              SELECT
                1
              FROM (
                SELECT
                  `t5`.`base`
                FROM `t4` AS `t5`
                WHERE
                  `t5`.`codes` <= 1 AND `t5`.`unknown`
              ) AS `t8`
              WHERE
                `t2`.`base` = `t8`.`base`
            )
        ) AS `t10`
        GROUP BY
          1
      ) AS `t12`
      WHERE
        `t12`.`n` > 1
    ) AS `t16`
      ON `t2`.`base` = `t16`.`base`
    WHERE
      EXISTS(
        SELECT
          1
        FROM (
          SELECT
            `t5`.`base`
          FROM `t4` AS `t5`
          WHERE
            `t5`.`codes` <= 1 AND `t5`.`unknown`
        ) AS `t8`
        WHERE
          `t2`.`base` = `t8`.`base`
      )
  ) AS `t18`
  WHERE
    `t18`.`node` <> `t18`.`a`
) AS `t20`
UNION ALL
SELECT
  *
FROM (
  SELECT DISTINCT
    `t19`.`a`,
    `t19`.`node` AS `b`,
    5 AS `rule`
  FROM (
    SELECT
      `t2`.`node`,
      `t2`.`base`,
      `t17`.`a`,
      `t17`.`n`
    FROM (
      SELECT
        `t0`.`node`,
        `t0`.`base`
      FROM `nodes` AS `t0`
      WHERE
        `t0`.`base` IS NOT NULL
    ) AS `t2`
    INNER JOIN (
      SELECT
        *
      FROM (
        SELECT
          `t11`.`base`,
          MIN(`t11`.`node`) AS `a`,
          COUNT(DISTINCT `t11`.`node`) AS `n`
        FROM (
          SELECT
            `t2`.`node`,
            `t2`.`base`
          FROM (
            SELECT
              `t0`.`node`,
              `t0`.`base`
            FROM `nodes` AS `t0`
            WHERE
              `t0`.`base` IS NOT NULL
          ) AS `t2`
          WHERE
            EXISTS(
              SELECT
                1
              FROM (
                SELECT
                  `t5`.`base`
                FROM `t4` AS `t5`
                WHERE
                  `t5`.`codes` > 1 AND `t5`.`one`
              ) AS `t9`
              WHERE
                `t2`.`base` = `t9`.`base`
            )
        ) AS `t11`
        GROUP BY
          1
      ) AS `t13`
      WHERE
        `t13`.`n` > 1
    ) AS `t17`
      ON `t2`.`base` = `t17`.`base`
    WHERE
      EXISTS(
        SELECT
          1
        FROM (
          SELECT
            `t5`.`base`
          FROM `t4` AS `t5`
          WHERE
            `t5`.`codes` > 1 AND `t5`.`one`
        ) AS `t9`
        WHERE
          `t2`.`base` = `t9`.`base`
      )
  ) AS `t19`
  WHERE
    `t19`.`node` <> `t19`.`a`
) AS `t21`
