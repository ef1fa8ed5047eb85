SELECT DISTINCT
  `t5`.`a`,
  `t5`.`node` AS `b`,
  `t5`.`rule`
FROM (
  SELECT
    `t1`.`node`,
    `t1`.`rule`,
    `t1`.`key`,
    `t4`.`a`,
    `t4`.`n`
  FROM `keys` AS `t1`
  INNER JOIN (
    SELECT
      *
    FROM (
      SELECT
        `t0`.`rule`,
        `t0`.`key`,
        MIN(`t0`.`node`) AS `a`,
        COUNT(DISTINCT `t0`.`node`) AS `n`
      FROM `keys` AS `t0`
      GROUP BY
        1,
        2
    ) AS `t2`
    WHERE
      `t2`.`n` > 1
  ) AS `t4`
    ON `t1`.`rule` = `t4`.`rule` AND `t1`.`key` = `t4`.`key`
) AS `t5`
WHERE
  `t5`.`node` <> `t5`.`a`
