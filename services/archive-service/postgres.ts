import type { Pool } from 'pg'
import type { Document, Documents, Heading } from './documents.ts'

/** Documents in the table of schema.ts. */
export function postgres(pool: Pool): Documents {
  return {
    async add({ title, text, tags }) {
      const sql = `INSERT INTO documents (title, text, tags) VALUES ($1, $2, $3) RETURNING ${columns}, text`
      const { rows } = await pool.query<Row & Text>(sql, [title, text, tags])
      const [row] = rows
      if (row === undefined) throw new Error('insert returned no row')
      return document(row)
    },
    async find(id) {
      const { rows } = await pool.query<Row & Text>(`SELECT ${columns}, text FROM documents WHERE id = $1`, [
        id,
      ])
      const [row] = rows
      return row === undefined ? null : document(row)
    },
    async list(limit, before) {
      // The order is that of insertion, not of time: two documents of one instant would make a page lose one.
      const sql = `SELECT ${columns} FROM documents
        WHERE $2::uuid IS NULL OR sequence < (SELECT sequence FROM documents WHERE id = $2::uuid)
        ORDER BY sequence DESC LIMIT $1`
      const { rows } = await pool.query<Row>(sql, [limit, before])
      return rows.map(heading)
    },
  }
}

const columns = 'id, title, tags, created_at'

interface Row {
  readonly id: string
  readonly title: string
  readonly tags: readonly string[]
  readonly created_at: Date
}

interface Text {
  readonly text: string
}

function heading({ id, title, tags, created_at }: Row): Heading {
  return { id, title, tags, createdAt: created_at.toISOString() }
}

function document(row: Row & Text): Document {
  return { ...heading(row), text: row.text }
}
