WITH `t8` AS (
  SELECT
    *
  FROM (
    SELECT
      `t6`.*
      EXCEPT (`node_right`)
    FROM (
      SELECT
        `t5`.`node`,
        `t5`.`part`,
        `t5`.`doc_id`,
        `t5`.`kind`,
        `t5`.`order`,
        `t5`.`office`,
        `t5`.`published`,
        `t5`.`filed`,
        `t5`.`base`,
        `t5`.`code`,
        `t5`.`grant`,
        `t5`.`fixed`,
        `t5`.`preprint`,
        `t5`.`title`,
        `t5`.`name`,
        `t5`.`node_right`,
        COALESCE(`t5`.`cluster`, `t5`.`node`) AS `cluster`
      FROM (
        SELECT
          `t2`.`node`,
          `t2`.`part`,
          `t2`.`doc_id`,
          `t2`.`kind`,
          `t2`.`order`,
          `t2`.`office`,
          `t2`.`published`,
          `t2`.`filed`,
          `t2`.`base`,
          `t2`.`code`,
          `t2`.`grant`,
          `t2`.`fixed`,
          `t2`.`preprint`,
          `t2`.`title`,
          `t2`.`name`,
          `t4`.`node` AS `node_right`,
          `t4`.`cluster`
        FROM `nodes` AS `t2`
        LEFT OUTER JOIN (
          SELECT
            `t1`.`node`,
            `t1`.`cluster`
          FROM `joined` AS `t1`
        ) AS `t4`
          ON `t2`.`node` = `t4`.`node`
      ) AS `t5`
    ) AS `t6`
  ) AS `t7`
  WHERE
    `t7`.`title` IS NOT NULL
)
SELECT
  *
FROM (
  SELECT
    `t10`.`kind`,
    `t10`.`title`,
    `t13`.`documents`,
    `t10`.`node`,
    `t10`.`part`,
    `t10`.`cluster`,
    `t10`.`published`,
    `t10`.`name`,
    `t10`.`fixed`,
    `t10`.`preprint`
  FROM `t8` AS `t10`
  INNER JOIN (
    SELECT
      `t11`.`kind`,
      `t11`.`title`,
      `t11`.`documents`
    FROM (
      SELECT
        `t9`.`kind`,
        `t9`.`title`,
        COUNT(DISTINCT `t9`.`part`) AS `parts`,
        COUNT(DISTINCT `t9`.`cluster`) AS `documents`
      FROM `t8` AS `t9`
      GROUP BY
        1,
        2
    ) AS `t11`
    WHERE
      `t11`.`parts` > 1 AND `t11`.`documents` > 1
  ) AS `t13`
    ON `t10`.`kind` = `t13`.`kind` AND `t10`.`title` = `t13`.`title`
) AS `t14`
ORDER BY
  `t14`.`kind` ASC NULLS LAST,
  `t14`.`title` ASC NULLS LAST,
  `t14`.`node` ASC NULLS LAST
