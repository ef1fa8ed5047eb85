WITH `t7` AS (
  SELECT
    `t4`.`node`,
    `t4`.`part`,
    `t4`.`doc_id`,
    `t4`.`kind`,
    `t4`.`order`,
    `t4`.`office`,
    `t4`.`published`,
    `t4`.`filed`,
    `t4`.`base`,
    `t4`.`code`,
    `t4`.`grant`,
    `t4`.`fixed`,
    `t4`.`preprint`,
    `t4`.`title`,
    `t4`.`name`,
    `t6`.`node` AS `node_right`,
    `t6`.`kept_id`,
    `t6`.`place`
  FROM `nodes` AS `t4`
  LEFT OUTER JOIN (
    SELECT
      `t2`.`node`,
      `t2`.`kept_id`,
      `t2`.`place`
    FROM `placed` AS `t2`
  ) AS `t6`
    ON `t4`.`node` = `t6`.`node`
), `t12` AS (
  SELECT
    `t3`.`doc_id`,
    `t3`.`member_id`,
    `t3`.`base`,
    `t3`.`office`,
    `t3`.`published`,
    `t3`.`known_by`
  FROM `members` AS `t3`
  WHERE
    NOT EXISTS(
      SELECT
        1
      FROM (
        SELECT
          COALESCE(`t8`.`kept_id`, `t8`.`doc_id`) AS `doc_id`,
          `t8`.`base`,
          `t8`.`fixed` AS `member_id`
        FROM `t7` AS `t8`
        WHERE
          `t8`.`kind` = 'patent'
          AND COALESCE(`t8`.`place`, 0) = 0
          AND `t8`.`fixed` IS NOT NULL
      ) AS `t11`
      WHERE
        `t3`.`doc_id` = `t11`.`doc_id` AND `t3`.`member_id` = `t11`.`member_id`
    )
)
SELECT
  `t21`.`doc_id`,
  `t21`.`member_id`,
  `t21`.`office`,
  `t21`.`published`,
  `t21`.`known_by`
FROM (
  SELECT
    *
  FROM (
    SELECT
      *
    FROM `t12` AS `t13`
    WHERE
      NOT (
        `t13`.`member_id` = `t13`.`base`
      )
  ) AS `t15`
  UNION ALL
  SELECT
    *
  FROM (
    SELECT
      `t17`.`doc_id`,
      `t17`.`member_id`,
      `t17`.`base`,
      `t17`.`office`,
      `t17`.`published`,
      `t17`.`known_by`
    FROM (
      SELECT
        *
      FROM `t12` AS `t13`
      WHERE
        `t13`.`member_id` = `t13`.`base`
    ) AS `t17`
    WHERE
      NOT EXISTS(
        SELECT
          1
        FROM (
          SELECT
            *
          FROM (
            SELECT
              `t13`.`doc_id`,
              `t13`.`base`
            FROM `t12` AS `t13`
            WHERE
              NOT (
                `t13`.`member_id` = `t13`.`base`
              )
          ) AS `t16`
          UNION ALL
          SELECT
            *
          FROM (
            SELECT
              COALESCE(`t8`.`kept_id`, `t8`.`doc_id`) AS `doc_id`,
              `t8`.`base`
            FROM `t7` AS `t8`
            WHERE
              `t8`.`kind` = 'patent'
              AND COALESCE(`t8`.`place`, 0) = 0
              AND `t8`.`fixed` IS NOT NULL
              AND `t8`.`fixed` <> `t8`.`base`
          ) AS `t9`
        ) AS `t19`
        WHERE
          `t17`.`doc_id` = `t19`.`doc_id` AND `t17`.`base` = `t19`.`base`
      )
  ) AS `t20`
) AS `t21`
ORDER BY
  `t21`.`doc_id` ASC NULLS LAST,
  `t21`.`member_id` ASC NULLS LAST
